"""The script that puts releases live, started by a person on the host."""

import json
import re
import threading

import pytest

from tests.e2e.http import get, release_at
from tests.e2e.load import Visitors
from tests.lab import Host

pytestmark = pytest.mark.e2e

SWITCH = "cd /usr/local/lib/fooproject && python3 -m switch"
LINK = "readlink /home/fooproject/fooproject/virtualenv"
RESTARTING = "grep -q understudy /etc/nginx/sites-available/default"
RELOADING = f"{RESTARTING} && [ $(systemctl is-active nginx) = reloading ]"
SLOWLY = "[Service]\nExecReload=\nExecReload=/bin/sleep {}\nExecReload={}\n"
"""A unit that is reloaded as on a host that has much else to do."""
LEISURELY = "sh -c 'trap \"sleep 3; exit\" TERM; while sleep 0.1; do :; done'"
"""Does what takes supervisord a while to stop."""


def last_line(web: Host) -> dict[str, object]:
    line: dict[str, object] = json.loads(
        web.enter("tail -n 1 /var/log/fooproject/releases.log").stdout
    )
    return line


def test_it_tells_what_it_is_for_and_refuses_what_it_cannot_do(web: Host) -> None:
    told = web.enter(f"{SWITCH} --help").stdout
    assert "Puts a release live" in told
    live, link = release_at(web), web.enter(LINK).stdout
    refused = {
        "none": f"/home/fooproject/releases has no none that was built; it has {live}.",
        "../../../etc": "has no ../../../etc that was built",
        f"{live} none": "/home/fooproject/.virtualenvs has no none that was built; it has .",
        f"{live} fooproject": "has no fooproject that was built",
    }
    for words, why in refused.items():
        run = web.enter(f"{SWITCH} {words}", check=False)
        assert run.returncode == 1
        assert why in run.stderr
        assert run.stderr.endswith(f"{live} is still being served.\n")
        assert "Traceback" not in run.stderr
    # A name that was mistyped has taken nothing from what is live.
    assert web.enter(LINK).stdout == link
    run = web.enter(f"{SWITCH} {live}", user="fooproject", check=False)
    assert (run.returncode, run.stderr) == (1, "Only root can run this.\n")
    web.enter("mv /etc/supervisor/conf.d/fooproject.conf /root")
    run = web.enter(f"{SWITCH} {live}", check=False)
    assert run.returncode == 1
    assert run.stderr.startswith("[Errno 2] No such file or directory: '/etc/supervisor/conf.d/")


@pytest.mark.parametrize("when", [RESTARTING, RELOADING], ids=["restarting", "reloading Nginx"])
@pytest.mark.long
def test_it_switches_as_ever_and_ctrl_c_takes_it_back(web: Host, when: str) -> None:
    live = release_at(web)
    if when == RELOADING:
        web.write(
            "/etc/systemd/system/nginx.service.d/slowly.conf",
            SLOWLY.format(1, "/usr/sbin/nginx -s reload"),
        )
        web.enter("systemctl daemon-reload")

    def interrupt() -> None:
        web.enter(f"until {when}; do sleep 0.001; done; pkill -INT -f '^python3 -m [s]witch'")

    with Visitors(web) as tally:
        web.enter(f"{SWITCH} {live}")
        assert (last_line(web)["result"], last_line(web)["by"]) == ("live", "someone on the host")
        ctrl_c = threading.Thread(target=interrupt)
        ctrl_c.start()
        run = web.enter(f"{SWITCH} {live}", check=False)
        ctrl_c.join()
    assert run.returncode == 1
    assert run.stderr == f"It was interrupted.\n{live} is still being served.\n"
    assert (last_line(web)["result"], last_line(web)["why"]) == ("failed", "It was interrupted.")
    assert tally.failed == []
    assert get(web, "/health").status == 200
    assert web.enter("systemctl list-units --all '*understudy*' --no-legend").stdout == ""
    web.enter(f"! {RESTARTING}")


@pytest.mark.long
def test_a_supervisord_that_is_being_reloaded_is_left_to_it(web: Host) -> None:
    live = release_at(web)
    slowly = SLOWLY.format(3, "/usr/bin/supervisorctl reload")
    web.write("/etc/systemd/system/supervisor.service.d/slowly.conf", slowly)
    web.write(
        "/etc/supervisor/conf.d/neighbour.conf", f"[program:neighbour]\ncommand={LEISURELY}\n"
    )
    web.enter("systemctl daemon-reload && supervisorctl update")
    supervisord = web.enter("systemctl show -P MainPID supervisor").stdout

    def reload() -> None:
        web.enter(f"until {RESTARTING}; do sleep 0.001; done; systemctl reload supervisor")

    with Visitors(web) as tally:
        other = threading.Thread(target=reload)
        other.start()
        web.enter(f"{SWITCH} {live}")
        other.join()
        web.enter("until supervisorctl status neighbour | grep RUNNING; do sleep 0.1; done")
    assert tally.failed == []
    assert web.enter("systemctl show -P MainPID supervisor").stdout == supervisord
    assert get(web, "/health").status == 200


@pytest.mark.long
def test_why_nginx_does_not_take_its_files_is_told_in_its_words(web: Host) -> None:
    live = release_at(web)
    # That an address is taken is nothing that `nginx -t` would see.
    web.enter("echo 'server { listen 127.0.0.1:9999; }' > /etc/nginx/conf.d/taken.conf")
    listen = "import socket, time; s = socket.create_server(('127.0.0.1', 9999)); time.sleep(999)"
    web.enter(f'systemd-run -q --unit=holder python3 -c "{listen}"')
    web.enter("until ss -Hltn | grep -q :9999; do sleep 0.1; done")
    run = web.enter(f"{SWITCH} {live}", check=False)
    assert run.returncode == 1
    assert "bind() to 127.0.0.1:9999 failed (98: Address already in use)" in run.stderr
    assert run.stderr.endswith(f"{live} is still being served.\n")
    assert get(web, "/health").status == 200


DEFECT = """

from . import program

def run_anew(*words, its=program.run_anew):
    program.run_anew = its
    raise LookupError("a defect")

program.run_anew = run_anew
"""


def test_what_nobody_has_thought_of_is_taken_back_too(web: Host) -> None:
    live = release_at(web)
    web.enter("cp -r /usr/local/lib/fooproject /root/broken")
    web.write("/root/defect", DEFECT)
    web.enter("cat /root/defect >> /root/broken/switch/app_server.py")
    with Visitors(web) as tally:
        run = web.enter(f"cd /root/broken && python3 -m switch {live}", check=False)
    assert run.returncode == 1
    assert re.fullmatch(
        rf"LookupError: a defect \(app_server\.py:\d+\)\n{live} is still being served\.\n",
        run.stderr,
    )
    assert str(last_line(web)["why"]).startswith("LookupError: a defect")
    assert tally.failed == []
    web.enter(f"! {RESTARTING}")


JOB = """
import ctypes, time
ctypes.CDLL(None).prctl(15, b"m\\xc3", 0, 0, 0)
while True:
    time.sleep(1)
"""


def test_a_job_that_a_worker_has_left_behind_goes_on(web: Host) -> None:
    web.write("/srv/job.py", JOB)
    # As one whose worker has ended: its parent is the first of all processes.
    own = "-p User=fooproject -E SUPERVISOR_ENABLED=1 -E SUPERVISOR_PROCESS_NAME=django"
    web.enter(f"systemd-run -q --unit=job {own} python3 /srv/job.py")
    web.enter(f"{SWITCH} {release_at(web)}")
    assert web.enter("systemctl is-active job").stdout == "active\n"


def test_nothing_that_a_terminal_obeys_is_said(web: Host) -> None:
    name = "$(printf 'x\\033]0;owned\\007')"
    web.enter(f'cd ~/releases && mkdir "{name}" && touch "{name}/.built"', user="fooproject")
    told = web.enter(f"{SWITCH} none", check=False).stderr
    assert "owned" in told
    assert "\033" not in told
    assert "\007" not in told
