"""Those who want to know how a run has ended are told, whatever becomes of them."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.controller import PYINFRA, Controller
from tests.e2e.faults import OUR_TRACEBACK
from tests.e2e.http import release_at, wait_for
from tests.e2e.rolling import Running, is_switching
from tests.lab import Host

pytestmark = pytest.mark.e2e


def told(file: Path) -> dict[str, str]:
    """What the last command was told; empty when there was none."""
    if not file.exists():
        return {}
    variables = dict(one.split("=", 1) for one in file.read_text().split("\0") if "=" in one)
    file.unlink()
    return {name: text for name, text in variables.items() if name.startswith("DEPLOY_")}


@pytest.mark.long
def test_a_run_that_has_changed_something_is_told_of_with_its_result(
    web: Host, site: Controller
) -> None:
    file = site.folder / "told"
    site.data["notify"] = [f"env -0 > {file}", "echo no such hook; exit 3"]
    first = release_at(web)
    site.apply()
    assert told(file) == {}, "nothing was to be done"
    (site.project() / "new.txt").write_text("new")
    assert site.plan()
    assert told(file) == {}, "a plan is no run"

    run = site.apply()
    assert run.returncode == 0
    assert 'exit 3": ended with exit code 3.\n  | no such hook' in run.output
    its = told(file)
    second = release_at(web)
    assert (its["DEPLOY_RESULT"], its["DEPLOY_RELEASE"]) == ("live", second)
    assert (its["DEPLOY_HOSTS"], its["DEPLOY_FAILED_HOSTS"]) == ("web", "")
    assert its["DEPLOY_PROJECT"] == "fooproject"

    site.pyinfra("rollback.py", "-y")
    its = told(file)
    assert (its["DEPLOY_RESULT"], its["DEPLOY_RELEASE"]) == ("live", first)

    (site.project() / "fooproject" / "urls.py").write_text("import no_such_module")
    failed = site.apply(check=False)
    assert failed.returncode == 1
    its = told(file)
    assert (its["DEPLOY_RESULT"], its["DEPLOY_FAILED_HOSTS"]) == ("failed", "web")
    assert "No module named 'no_such_module'" in its["DEPLOY_REASON"]


NOT_BEGUN = {
    "a source that is not there": 'app[0][1]["source"] = "nowhere"',
    "a secret that cannot be had": 'app[0][1]["env"] = {"SECRET_KEY": __import__("stack.secrets")'
    '.secrets.from_environment("IN_NOBODYS_ENVIRONMENT")}',
    "a host that is not reached": 'app.append(("gone", {**app[0][1], "ssh_hostname": "127.0.0.9",'
    ' "ssh_port": 9}))',
}


@pytest.mark.parametrize("line", NOT_BEGUN.values(), ids=NOT_BEGUN)
def test_a_run_that_ends_before_its_first_step_is_told_to_who_started_it_alone(
    standing: Host, controller: Callable[..., Controller], line: str
) -> None:
    site = controller(standing)
    file = site.folder / "told"
    site.data["notify"] = [f"env -0 > {file}"]
    before = release_at(standing)
    run = site.run([*PYINFRA, str(site.inventory(line)), "deploy.py", "-y"], check=False)
    assert run.returncode not in (0, 130)
    assert release_at(standing) == before
    assert told(file) == {}


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_cut_is_told_of(web: Host, site: Controller, number: signal.Signals) -> None:
    file = site.folder / "told"
    site.data["notify"] = [f"env -0 > {file}"]
    (site.project() / "new.txt").write_text("new")
    with Running(site) as running:
        running.reaches("Collect the static files")
        running.process.send_signal(number)
        run = running.ends()
    assert run.returncode == 128 + number, run.output[-3000:]
    assert not OUR_TRACEBACK.search(run.output), run.output[-3000:]
    assert told(file)["DEPLOY_RESULT"] == "interrupted"
    wait_for("nothing goes on there", lambda: not is_switching(web), 60)
    site.apply()
    assert told(file)["DEPLOY_RESULT"] == "live"
    assert site.plan() == []
