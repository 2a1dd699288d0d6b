"""pyinfra's bookkeeping at less cost: what comes out is what pyinfra's own comes to."""

import re
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tests.unit.running import pyinfra

ROOT = Path(__file__).parents[2]
DEPLOY = """
from pyinfra import host, state
from pyinfra.api import deploy, operation
from pyinfra.api.util import get_operation_order_from_stack
from stack.run.upstream.plans import place_in_the_code

def both():
    ours, theirs = place_in_the_code(state), get_operation_order_from_stack(state)
    print(ours == theirs, len(ours))

@deploy("Nested")
def nested():
    for _ in host.loop([1, 2]):
        both()

both()
nested()
"""


GREETINGS = "Greet", "Thank", "Praise", "Wake", "Warn", "Meet", "Miss", "Leave"
"""So many that chance does not have all of them in one order."""
NAMES = """
from pyinfra import host
from pyinfra.operations import server

for greeting in {greetings!r}:
    server.shell(name=f"{{greeting}} {{host.name}}", commands="true")
"""


def test_an_operation_that_hosts_name_differently_is_told_by_every_name(tmp_path: Path) -> None:
    (tmp_path / "fake_deploy.py").write_text(NAMES.format(greetings=GREETINGS))
    done = pyinfra("@fake/web1,@fake/web2", tmp_path / "fake_deploy.py", "--dry")
    for greeting in GREETINGS:
        assert f"{greeting} @fake/web1 / {greeting} @fake/web2" in done.stderr


DATA = """
from pyinfra import host
from pyinfra.api.host import HostData
from stack.run.upstream.plans import value_of

def outcome(get, name):
    try:
        return get(host.data, name)
    except AttributeError as error:
        return str(error)

theirs = vars(HostData)["__getattr__"]
host.data.given = ["set by the deploy"]
for name in ("given", "source", "project", "_sudo", "nothing"):
    print(outcome(value_of, name) == outcome(theirs, name), outcome(value_of, name))
value_of(host.data, "given").append("a copy's")
print(value_of(host.data, "given"))
"""


def without_our_config(folder: Path, *words: str) -> "CompletedProcess[str]":
    """Plan the folder's deploy file, with nothing of ours in the place of pyinfra's own."""
    config = folder / "config.py"
    config.write_text("")
    return pyinfra("@fake/web1", folder / "fake_deploy.py", "--dry", "--config", config, *words)


def test_a_hosts_data_is_what_pyinfra_makes_of_it(tmp_path: Path) -> None:
    (tmp_path / "fake_deploy.py").write_text(DATA)
    done = without_our_config(tmp_path, "--data", "_sudo=true")
    lines = done.stdout.splitlines()
    assert [line.partition(" ")[0] for line in lines[:5]] == ["True"] * 5, done.stderr
    assert lines[0] == "True ['set by the deploy']"
    assert lines[4] == "True Host `@fake/web1` has no data `nothing`"
    assert lines[5] == "['set by the deploy']"


ARGUMENTS = """
from pyinfra import config, host, state
from pyinfra.api import deploy
from pyinfra.api.arguments import pop_global_arguments as theirs
from stack.run.upstream.arguments import arguments_of as ours

def compared(**words):
    for _ in range(2):
        one, other = dict(words), dict(words)
        found = ours(state, host, one)
        print(found == theirs(state, host, other) and one == other, found[0][{argument!r}])
        found[0].clear()

@deploy("Nested", data_defaults={{"_retries": 7}})
def nested(**words):
    compared(**words)
    {change}
    compared(**words)

compared()
nested(name="given", of="the operation's own")
nested(_sudo_user="around")
nested(_env={{"A": "1"}})
with host.arguments(_sudo_user="by with"):
    compared(name="given")
compared(_sudo_user="called", name="given")
compared(name="outside again")
"""
LACKING = """
from stack.run.upstream import private_names
print([name for has, name in private_names() if not hasattr(has, name)])
"""
GONE = """
from pyinfra import host
from pyinfra.api.host import Host
from pyinfra.api.operation import OperationMeta

del Host.current_op_global_arguments, OperationMeta._maybe_is_change
del vars(host.data)["override_datas"]
"""


def test_an_operation_has_the_place_that_pyinfra_gives_it(tmp_path: Path) -> None:
    (tmp_path / "fake_deploy.py").write_text(DEPLOY)
    done = pyinfra("@fake/web1", tmp_path / "fake_deploy.py", "--dry")
    # The number of the file, then of the lines: in the deploy file, in both(), in nested().
    assert done.stdout.splitlines() == ["True 3", "True 4", "True 4"], done.stderr


@pytest.mark.parametrize(
    ("argument", "change"),
    [
        ("_sudo", "config.SUDO = True"),
        ("_sudo", "host.data._sudo = True"),
        ("_env", 'config.ENV[f"B{len(config.ENV)}"] = "2"'),
        ("_retries", "config.RETRY += 1"),
        ("name", "pass"),
    ],
)
def test_an_operation_has_the_arguments_that_pyinfra_gives_it(
    tmp_path: Path, argument: str, change: str
) -> None:
    text = ARGUMENTS.format(argument=argument, change=change)
    (tmp_path / "fake_deploy.py").write_text(text)
    done = without_our_config(tmp_path, "--data", "_preserve_sudo_env=true")
    lines = done.stdout.splitlines()
    assert len(lines) == 20, done.stderr
    assert {line.partition(" ")[0] for line in lines} == {"True"}, done.stdout
    assert change == "pass" or len({line.partition(" ")[2] for line in lines}) > 1


def test_an_operation_of_the_command_line_has_a_place_too() -> None:
    done = pyinfra("@fake/web1", "exec", "--", "true")
    assert done.returncode == 0, done.stderr


def test_what_is_used_of_others_beyond_their_interfaces_is_still_there(tmp_path: Path) -> None:
    (tmp_path / "fake_deploy.py").write_text(LACKING)
    done = without_our_config(tmp_path)
    assert done.stdout == "[]\n", done.stderr


def test_what_a_new_version_lacks_is_named(tmp_path: Path) -> None:
    (tmp_path / "fake_deploy.py").write_text(GONE + LACKING)
    done = without_our_config(tmp_path)
    gone = ["current_op_global_arguments", "override_datas", "_maybe_is_change"]
    assert done.stdout == f"{gone}\n", done.stderr


def test_it_is_used_in_one_place() -> None:
    private = re.compile(
        r"\b(op|operation|meta|operation_meta|host|state|io|util|SSHClient)\._[a-z]"
    )
    undocumented = re.compile(
        r"\b(pyinfra_cli|pyinfra\.operations\.util|op_hash_order|state\.(ops|op_meta))\b"
    )
    patched = re.compile(r"^\s*(util|SSHClient|SSHConfig|error_of_a_file|arguments)\.\w+ = ", re.M)
    found = {
        path.parent
        for folder in ("stack", "tasks")
        for path in (ROOT / folder).rglob("*.py")
        if any(one.search(path.read_text()) for one in (private, undocumented, patched))
    }
    assert found == {ROOT / "stack" / "run" / "upstream"}
