"""The environment: what arrives, where, and who can see it."""

import base64
import binascii
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import PYINFRA, Controller, Run
from tests.e2e.http import get
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

LIVE = "/home/fooproject/fooproject"
SECRET = "wombat-7f3a9c51-underground"
"""Made up so that nothing else has it."""
MARKS = "/root/marks"
VALUES = {
    "TEST_SPACES": "  two  words  ",
    "TEST_QUOTES": """it's "so" `so` ''""",
    "TEST_PERCENT": "100% %(here)s %s %%",
    "TEST_DOLLAR": "$HOME ${HOME} $(id) $$",
    "TEST_COMMENTS": "a # b ; c // d",
    "TEST_BACKSLASHES": "C:\\new\\table \\",
    "TEST_NEWLINES": "\none\n\n  two\r\n\tthree\n",
    "TEST_JINJA": "{{ 7 * 7 }} {% raw %} {# gone #}",
    "TEST_HEREDOC": "EOF\n'\n\"\n)\n",
    "TEST_CONTROL": "\x01\x1b[31m\x7f",
    "TEST_NON_ASCII": "smörgåsbord Ωμέγα 雪",
    "TEST_EMOJI": "🚀🏴‍☠️",
    "TEST_EMPTY": "",
    "TEST_LONG": "0123456789" * 1024,
    "TEST_SECRET": SECRET,
}


@dataclass
class Arguments:
    """The arguments of all processes, here and on the hosts, sampled during a block."""

    sweeps: int = 0
    seen: set[bytes] = field(default_factory=set)

    @contextmanager
    def sampled(self) -> Iterator[None]:
        over = threading.Event()

        def sweep() -> None:
            while not over.wait(0.01):
                self.sweeps += 1
                for process in Path("/proc").glob("[0-9]*/cmdline"):
                    # It may have ended meanwhile.
                    with suppress(OSError):
                        self.seen.add(process.read_bytes())

        thread = threading.Thread(target=sweep)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


@dataclass
class Deployment:
    host: Host
    site: Controller
    dry: list[Run]
    applied: Run
    arguments: Arguments

    @property
    def outputs(self) -> list[str]:
        return [run.stdout + run.output for run in (*self.dry, self.applied)]


@pytest.fixture(scope="module")
def deployment(
    lab: Lab, deployed_web: Host, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """The values deployed once, with everything that was shown meanwhile."""
    host = lab.host("environment", layer=DEPLOYED)
    # Looked for by file: a command's arguments end in the journal, with whatever they hold.
    host.write(MARKS, f"{SECRET}\n{VALUES['TEST_EMOJI']}\n", mode=0o600)
    host.enter("touch /root/before")
    site = Controller(tmp_path_factory.mktemp("environment"), lab, [host])
    site.data["env"] = {"SECRET_KEY": SECRET, **VALUES}
    arguments = Arguments()
    with arguments.sampled():
        dry = [
            site.pyinfra("deploy.py", "--dry", "--diff", "-vvv"),
            site.pyinfra("deploy.py", "--dry", "--diff", "--json"),
            site.pyinfra("deploy.py", "--dry", "--debug"),
        ]
        applied = site.pyinfra("deploy.py", "-y", "--diff", "-vvv", "--debug")
    yield Deployment(host, site, dry, applied, arguments)
    host.power_off()


# What arrives


def test_values_arrive_in_gunicorn_unchanged(deployment: Deployment) -> None:
    told = {name: get(deployment.host, f"/api/environment/{name}").json["value"] for name in VALUES}
    assert told == VALUES


def test_values_arrive_in_manage_unchanged(deployment: Deployment) -> None:
    code = "import json, os; print(json.dumps({**os.environ}))"
    command = f"runuser -u fooproject -- {LIVE}/manage shell -c '{code}'"
    told = json.loads(deployment.host.enter(command).stdout.splitlines()[-1])
    assert {name: told.get(name) for name in VALUES} == VALUES


def test_after_that_there_is_nothing_to_do(deployment: Deployment) -> None:
    assert deployment.site.plan() == []


# What does not


def test_only_gunicorn_has_them(deployment: Deployment) -> None:
    host = deployment.host
    having = host.enter(f"grep -lF -f {MARKS} /proc/[0-9]*/environ", check=False)
    pids = [path.split("/")[2] for path in having.stdout.splitlines()]
    running = [host.enter(f"tr '\\0' ' ' < /proc/{pid}/cmdline").stdout for pid in pids]
    # The main process and three workers.
    assert len(running) == 4
    assert [one for one in running if "/bin/gunicorn -b 127.0.0.1:8000 -w 3 " not in one] == []


def test_manage_is_for_the_user_alone(deployment: Deployment) -> None:
    for user in ("root", "deployer", "www-data"):
        refused = deployment.host.enter(f"runuser -u {user} -- {LIVE}/manage check", check=False)
        assert refused.returncode != 0
        assert SECRET not in refused.stdout + refused.stderr


def test_no_output_shows_them(deployment: Deployment) -> None:
    for output in deployment.outputs:
        assert "Give " in output
        for text in (output, *decoded(output)):
            assert SECRET not in text
            assert VALUES["TEST_EMOJI"] not in text
            assert VALUES["TEST_LONG"] not in text
    assert "export TEST_SECRET=*MASKED*" in deployment.outputs[0]


def decoded(output: str) -> Iterator[str]:
    """What stands in an output as base64."""
    for word in re.findall(r"[A-Za-z0-9+/]{24,}=*", output):
        try:
            yield base64.b64decode(word + "=" * (-len(word) % 4)).decode(errors="replace")
        except binascii.Error:
            continue


def test_no_process_has_them_in_its_arguments(deployment: Deployment) -> None:
    seen = deployment.arguments.seen
    assert deployment.arguments.sweeps > 100
    # The sampling sees what runs on the host.
    assert any(b"runuser" in one and b"fooproject" in one for one in seen)
    encoded = base64.b64encode(SECRET.encode())[4:-4]
    assert [one for one in seen if SECRET.encode() in one or encoded in one] == []


def test_one_file_has_them_and_others_cannot_read_it(deployment: Deployment) -> None:
    host = deployment.host
    holding = (
        "find / /run /tmp /dev/shm -xdev -type f -cnewer /root/before -print0"
        f" | xargs -0 grep -lF -f {MARKS}"
    )
    found = set(host.enter(holding, check=False).stdout.splitlines())
    [with_env] = host.enter(f"readlink -f {LIVE}/with-env").stdout.splitlines()
    assert found == {with_env}
    assert host.enter(f"stat -c '%U %a' {with_env}").stdout == "fooproject 700\n"
    assert (
        host.enter(f"journalctl --output=verbose | grep -cF -f {MARKS}", check=False).stdout
        == "0\n"
    )


# Where they come from


def inventory_with(site: Controller, env: str) -> str:
    """An inventory whose `env` is Python, as in group_data."""
    site.data["env"] = "@env@"
    path = site.inventory()
    text = path.read_text().replace("'@env@'", env)
    path.write_text(f"from stack.secrets import from_environment, from_file\n\n{text}")
    return str(path)


def test_functions_give_values_from_the_controller(
    web: Host, site: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_HERE", SECRET)
    file = site.folder / "secret file"
    file.write_text("in a file\n")
    env = f"""{{
        "SECRET_KEY": "any",
        "TEST_SECRET": from_environment("TEST_HERE"),
        "TEST_FILE": from_file({str(file)!r}),
        "TEST_NUMBER": lambda: 42,
    }}"""
    inventory = inventory_with(site, env)
    site.run([*PYINFRA, inventory, "deploy.py", "-y"])
    wanted = {"TEST_SECRET": SECRET, "TEST_FILE": "in a file", "TEST_NUMBER": "42"}
    told = {name: get(web, f"/api/environment/{name}").json["value"] for name in wanted}
    assert told == wanted
    dry = site.run([*PYINFRA, inventory, "deploy.py", "--dry", "--json"])
    assert dry.planned == []


def test_a_secret_that_is_not_to_be_had_is_named(
    deployment: Deployment, controller: Callable[..., Controller]
) -> None:
    site = controller(deployment.host)
    inventory = inventory_with(site, '{"SECRET_KEY": from_environment("TEST_NOT_SET_HERE")}')
    refused = site.run([*PYINFRA, inventory, "deploy.py", "-y"], check=False)
    assert refused.returncode != 0
    assert "TEST_NOT_SET_HERE is not set on this machine" in refused.output
    assert "Traceback" not in refused.output
