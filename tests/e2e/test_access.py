"""The ways of reaching a host: as root, through sudo, with its password, and on the host itself."""

import json
import os
import pty
import select
import subprocess
import time
from collections.abc import Callable, Sequence

import pytest

from tests.e2e.controller import PYINFRA, REPOSITORY, SAMPLE, Controller
from tests.e2e.http import get
from tests.lab import ADMIN_PASSWORD, Host, Lab

pytestmark = pytest.mark.e2e

ASKED_SECONDS = 300
CHECKOUT, SERVERS = "/opt/deploy", "/opt/servers"


@pytest.fixture(scope="module")
def ready(lab: Lab) -> Host:
    return lab.host("access")


@pytest.fixture
def fresh(ready: Host) -> Host:
    """A host that nothing was deployed to."""
    ready.reset()
    return ready


def is_served(host: Host) -> bool:
    return "<h1>Guestbook</h1>" in get(host).text


def with_terminal(command: Sequence[str], question: str, answer: str) -> tuple[int, str]:
    """Run a command at a terminal, answer what it asks; its exit code and all that it showed."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(REPOSITORY)
        os.execv(command[0], list(command))
    shown, until = "", time.monotonic() + ASKED_SECONDS
    answered = 0
    while time.monotonic() < until:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            # Linux's way of saying that the other end was closed.
            break
        shown += piece.decode(errors="replace")
        if shown.count(question) > answered:
            answered += 1
            os.write(terminal, f"{answer}\n".encode())
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown


def test_as_root(site: Controller, web: Host) -> None:
    assert site.user == "root"
    assert is_served(web)
    assert site.plan() == []


def test_as_a_user_with_sudo(fresh: Host, controller: Callable[..., Controller]) -> None:
    site = controller(fresh)
    site.user = "deployer"
    site.data["_sudo"] = True
    site.apply()
    assert is_served(fresh)
    assert site.plan() == []


def test_as_a_user_whose_sudo_has_a_password(
    fresh: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(fresh)
    site.user = "admin"
    site.data |= {"_sudo": True, "_sudo_password": ADMIN_PASSWORD}
    told = site.pyinfra("deploy.py", "-y", "-vvv")
    assert ADMIN_PASSWORD not in told.stdout + told.output
    assert is_served(fresh)
    assert site.plan() == []


def test_the_password_of_sudo_is_asked_for_once(site: Controller, web: Host) -> None:
    site.user = "admin"
    site.data |= {"_sudo": True, "env": {"SECRET_KEY": "any", "TEST_NEW": "from admin"}}
    # Its sudo asks in German.
    web.write("/etc/default/locale", "LANG=C.UTF-8\nLANGUAGE=de\n")
    assert "password" not in web.run("sudo -n true", user="admin", check=False).stderr
    command = [*PYINFRA, str(site.inventory()), "deploy.py", "-vvv", "-y"]
    code, shown = with_terminal(command, "sudo password: ", ADMIN_PASSWORD)
    assert code == 0, shown[-3000:]
    assert shown.count("sudo password: ") == 1
    assert ADMIN_PASSWORD not in shown
    assert get(web, "/api/environment/TEST_NEW").json["value"] == "from admin"
    site.data["_sudo_password"] = ADMIN_PASSWORD
    assert site.plan() == []


def test_a_forgotten_sudo_is_one_line_and_changes_nothing(
    fresh: Host, controller: Callable[..., Controller]
) -> None:
    fresh.enter("touch /root/before")
    site = controller(fresh)
    site.user = "deployer"
    for words in (("deploy.py", "-y"), ("deploy.py", "--dry")):
        refused = site.pyinfra(*words, check=False)
        assert refused.returncode != 0
        lines = [line for line in refused.output.splitlines() if "_sudo" in line]
        assert len(lines) == 1
        assert "access" in lines[0]
        assert "Traceback" not in refused.output
    written = "find / -xdev -newer /root/before -type f -not -path '/var/log/*' -not -path '/run/*'"
    # What Ubuntu tells of itself at a login, it tells once.
    written += " -not -name motd.legal-displayed"
    assert fresh.enter(written).stdout == ""


@pytest.mark.long
def test_on_the_host_itself(fresh: Host) -> None:
    """As one would who has the repository on the server, from its own requirements.lock.

    The settings are beside the clone, in a folder of its own.
    """
    unpack = [*fresh.ssh_argv(), f"mkdir -p {CHECKOUT} && tar -xz -C {CHECKOUT}"]
    leave_out = [f"--exclude=./{name}" for name in (".git", ".venv", ".*_cache", ".hypothesis")]
    with subprocess.Popen(
        ["tar", "-cz", *leave_out, "-C", str(REPOSITORY), "."], stdout=subprocess.PIPE
    ) as tree:
        subprocess.run(unpack, stdin=tree.stdout, check=True, timeout=60)
    fresh.run(
        f"cd {CHECKOUT} && python3 -m venv .venv && PIP_NO_INDEX=false "
        ".venv/bin/pip install -q --no-deps --require-hashes -r requirements.lock",
        timeout=300,
    )

    fresh.enter(f"mkdir -p {SERVERS}/group_data")
    # Debian's Python is older than that of many controllers, and it is what builds here.
    data = {**SAMPLE, "build": ["touch was-built"]}
    settings = "".join(f"{name} = {value!r}\n" for name, value in data.items())
    fresh.write(f"{SERVERS}/group_data/all.py", settings)

    def deploy(*words: str) -> str:
        pyinfra = f".venv/bin/pyinfra @local deploy.py --group-data {SERVERS}/group_data"
        command = f"cd {CHECKOUT} && {pyinfra}"
        return fresh.run(" ".join([command, *words]), timeout=300).stdout

    deploy("-y", "--data", "workers=2")
    assert is_served(fresh)
    assert (
        fresh.enter("test -e /home/fooproject/fooproject/src/was-built", check=False).returncode
        == 0
    )
    plan = json.loads(deploy("--dry", "--json", "--data", "workers=2"))["plan"]
    assert [one["name"] for one in plan if one["hosts_with_change"]] == []
    assert [one["name"] for one in plan if one["hosts_with_conditional_change"]] == []
