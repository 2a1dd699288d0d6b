"""What runs beside the site: a Celery worker with its queue on the disk."""

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import release_at, wait_for
from tests.lab import Host

pytestmark = pytest.mark.e2e

CELERY = """
import os
import time
from pathlib import Path

from celery import Celery

DATA = Path(__file__).resolve().parent.parent / "data"
QUEUE = DATA / "queue"
QUEUE.mkdir(exist_ok=True)

app = Celery("fooproject", broker="filesystem://")
app.conf.broker_transport_options = {
    name: str(QUEUE) for name in ("data_folder_in", "data_folder_out", "control_folder")
}


def say(line):
    with (DATA / "said").open("a") as said:
        said.write(f"{line} {os.environ['RELEASE_ID']}\\n")


@app.task(acks_late=True)
def work(name):
    say(f"{name} began in")
    time.sleep(3)
    say(f"{name} ended in")
"""
SAID = "cat /home/fooproject/shared/data/said"
NEIGHBOUR = """
[program:neighbour]
command=sh -c 'trap "sleep 15; exit" TERM; while sleep 0.1; do :; done'
stopwaitsecs=30
"""
"""What supervisord has to wait for before it has reloaded."""
ENQUEUE = (
    "runuser -u fooproject -- /home/fooproject/fooproject/manage shell -c "
    "'from fooproject.celery import work; work.delay(\"{}\")'"
)


def has_said(web: Host, line: str) -> bool:
    return line in web.enter(SAID, check=False).stdout.splitlines()


@pytest.fixture
def working(site: Controller) -> Controller:
    """A site with a queue worker."""
    project = site.project()
    (project / "fooproject" / "celery.py").write_text(CELERY)
    with (project / "requirements.txt").open("a") as requirements:
        requirements.write("celery\nsetproctitle\n")  # processes that rename themselves
    site.data["programs"] = {
        "worker": {"command": "celery -A fooproject.celery worker -c 1", "stop_seconds": 30}
    }
    planned = site.plan()
    assert "Programs | Run worker" in planned
    assert site.apply().changed == planned
    assert site.plan() == []
    return site


@pytest.mark.long
def test_a_queue_worker_follows_the_site_to_a_release_and_finishes_its_task(
    web: Host, working: Controller
) -> None:
    first = release_at(web)
    web.enter(ENQUEUE.format("one"))
    wait_for("the worker works", lambda: has_said(web, f"one began in {first}"))
    (working.project() / "new.txt").write_text("new")
    planned = working.plan()
    assert working.apply().changed == planned
    second = release_at(web)
    assert has_said(web, f"one ended in {first}")
    web.enter(ENQUEUE.format("two"))
    wait_for("the worker is of the new release", lambda: has_said(web, f"two ended in {second}"))
    assert "worker" in web.enter("runuser -u fooproject -- supervisorctl status").stdout

    working.data["programs"] = {}
    # What the host knows of the project has its programs' names, for whoever deploys another.
    removed = ["Release | Keep the script that puts releases live"]
    removed += ["Programs | Remove those that are no longer declared"]
    assert working.plan() == removed
    assert working.apply().changed == removed
    assert "worker" not in web.enter("supervisorctl status").stdout
    assert web.enter("ls /etc/supervisor/conf.d").stdout.split() == ["fooproject.conf"]
    assert working.plan() == []


@pytest.mark.matrix
def test_a_queue_worker_goes_back_with_the_site(web: Host, working: Controller) -> None:
    first = release_at(web)
    (working.project() / "new.txt").write_text("new")
    working.apply()
    back = working.pyinfra("rollback.py", "-y", "--json").changed
    assert [name.partition(" | ")[0] for name in back] == ["Release", "Programs"]
    web.enter(ENQUEUE.format("one"))
    wait_for("the worker went back too", lambda: has_said(web, f"one ended in {first}"))
    assert [name.partition(" | ")[0] for name in working.plan()] == ["Release", "Programs"]


@pytest.mark.long
def test_a_program_that_does_not_run_is_told_and_mended_by_the_next_run(
    web: Host, site: Controller
) -> None:
    before = release_at(web)
    site.data["programs"] = {"worker": "python -c 'raise SystemExit(\"no worker here\")'"}
    run = site.apply(check=False)
    assert run.returncode == 1
    told = f"The program worker does not start; {before} is live without it."
    assert "no worker here" in run.output.partition(told)[0]
    assert release_at(web) == before
    assert site.plan() == ["Programs | Run worker"]
    site.data["programs"] = {"worker": "sleep infinity"}
    site.apply()
    assert site.plan() == []
    # What it has said before is not told again.
    site.data["programs"] = {"worker": "python -c 'raise SystemExit(\"nor here\")'"}
    run = site.apply(check=False)
    assert "nor here" in run.output
    assert "no worker here" not in run.output


@pytest.mark.long
def test_a_program_that_ends_soon_after_it_has_started_is_told(web: Host, site: Controller) -> None:
    """Supervisor takes it for one that runs: the last one of the plan, or another."""
    before = release_at(web)
    site.data["programs"] = {
        "worker": "sh -c 'sleep 4; echo no worker here; exit 1'",
        "other": "sleep 1000",
    }
    run = site.apply(check=False)
    assert run.returncode == 1
    assert f"The program worker ended soon after it was started; {before} is live" in run.output
    assert "no worker here" in run.output
    site.data["programs"] = {"worker": "sleep 1000", "other": "sleep 1000"}
    assert site.apply().changed == ["Programs | Run worker"]
    assert site.plan() == []


@pytest.mark.parametrize("theirs", ["a", "z"])
@pytest.mark.long
def test_somebodys_program_of_the_same_name_is_put_aside_by_name(
    web: Host, site: Controller, theirs: str
) -> None:
    """Supervisor reads it before ours, and ours is another program; or after, and they are one."""
    path = f"/etc/supervisor/conf.d/{theirs}.conf"
    web.write(path, "[program:worker]\ncommand=/bin/sleep 99999\n")
    web.enter("supervisorctl update")
    site.data["programs"] = {"worker": "sleep infinity"}
    run = site.pyinfra("deploy.py", "--dry", "--json")
    assert f"Will be put aside: {path}" in run.output
    assert "Supervisor | Put aside what else declares django, worker" in run.planned
    assert site.apply().changed == run.planned
    assert site.plan() == []
    pid = web.enter("supervisorctl pid worker").stdout.strip()
    assert web.enter(f"tr '\\0' ' ' < /proc/{pid}/cmdline").stdout.strip() == "sleep infinity"
    assert web.enter(f"grep -l 99999 /var/backups/replaced/*{theirs}.conf-*").stdout


@pytest.mark.long
def test_a_program_goes_although_supervisor_cannot_read_a_file_of_somebodys(
    web: Host, site: Controller
) -> None:
    site.data["programs"] = {"worker": "sleep infinity"}
    site.apply()
    web.write("/etc/supervisor/conf.d/zz.conf", "[program:zz]\nautostart=false\n")
    site.data["programs"] = {}
    planned = site.plan()
    assert site.apply().changed == planned
    assert "worker" not in web.enter("supervisorctl status").stdout
    assert site.plan() == []


@pytest.mark.long
def test_a_supervisord_that_someone_has_reload_is_waited_for(web: Host, site: Controller) -> None:
    web.write("/etc/supervisor/conf.d/neighbour.conf", NEIGHBOUR)
    web.enter("supervisorctl update")
    site.data["programs"] = {"worker": "sleep infinity"}
    site.data["commands"] = {"after_switch": ["supervisorctl reload"]}
    (site.project() / "new.txt").write_text("new")
    site.apply()
    assert site.plan() == []
    web.enter("supervisorctl reload")
    assert site.pyinfra("remove.py", "-y").returncode == 0
    assert web.enter("supervisorctl status").stdout.split()[:2] == ["neighbour", "RUNNING"]


SLOW = "sh -c 'trap \"sleep 30; exit\" TERM; while sleep 0.1; do :; done'"


@pytest.mark.long
def test_a_program_that_a_run_which_was_cut_has_told_to_end_is_waited_for(
    web: Host, site: Controller
) -> None:
    site.data["programs"] = {"slow": {"command": SLOW, "stop_seconds": 60}}
    site.apply()
    web.enter("timeout 2 supervisorctl restart slow", check=False)
    assert "STOPPING" in web.enter("supervisorctl status slow", check=False).stdout

    site.data["programs"] = {}
    planned = site.plan()
    assert site.apply().changed == planned
    assert "slow" not in web.enter("supervisorctl status").stdout
    assert site.plan() == []
