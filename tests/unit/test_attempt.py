"""What fails before the switch has a line in the release log; what goes well has none."""

import json
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from pyinfra.api import StringCommand
from pyinfra.connectors.util import CommandOutput, OutputLine

from stack.commands.release import LOG_ATTEMPT
from stack.onhost.switch.journal import MOST_BYTES
from stack.run.attempt import LAST_LINES, LINE_LENGTH, logged
from stack.state.placement import place
from tests.unit.hosts import converged, sample_target

TARGET = sample_target()
HOST = converged(TARGET)
SECRETS = {
    "DATABASE_URL": "postgres://shop:pass%20word@10.0.0.5/shop",
    "DJANGO_SETTINGS_MODULE": "shop.settings",
    "DEBUG": "1",
}
FILES = {
    ".env": "API_TOKEN=of-the-mails\nCOLOUR=reddish\n",
    "own.py": "INSTALLED_APPS = ['colours']\nSIGNING_KEY = 'of the signer'\n",
    "own.json": '{"password": "of-nobody", "other": 1}',
}


class Told:
    """A host that fails with these lines, and what was run there."""

    name = "web"
    executing_op_hash = "check"

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        self.ran: list[str] = []
        self.written = ""

    def run_shell_command(self, command: StringCommand, **words: Any) -> tuple[bool, CommandOutput]:
        """Run the step, or what comes after it."""
        self.ran.append(command.get_raw_value())
        if "_stdin" in words:
            self.written = words["_stdin"]
            return True, CommandOutput([])
        return not self.lines, CommandOutput([OutputLine("stderr", line) for line in self.lines])


def ends(host: Told) -> dict[str, Any]:
    """What the release log gets of a step on that host."""
    state = SimpleNamespace(
        print_output=False,
        print_input=False,
        get_op_meta=lambda _: SimpleNamespace(names={"Release | Check 1-2"}),
    )
    release = SimpleNamespace(environment=SECRETS, files=FILES)
    here = place(TARGET, HOST)
    here = replace(here, target=replace(here.target, release=cast(Any, release)))

    def steps() -> Iterator[StringCommand]:
        yield StringCommand("step")

    for command in logged(here, cast(Any, steps())):
        command.execute(cast(Any, state), cast(Any, host), cast(Any, {"_sudo": True}))
    told: dict[str, Any] = json.loads(f"{{{host.written}") if host.written else {}
    return told


def test_a_step_that_goes_well_costs_nothing_more() -> None:
    host = Told()
    assert ends(host) == {}
    assert host.ran == ["step"]


def test_a_step_that_fails_is_told_with_its_name_and_its_last_words() -> None:
    host = Told("a traceback", "ValueError: on purpose")
    told = ends(host)
    assert told["why"] == "Check 1-2 failed.\na traceback\nValueError: on purpose"
    assert (told["result"], told["release"]) == ("failed", place(TARGET, HOST).folder.name)
    assert "on purpose" not in "".join(host.ran)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("bad postgres://shop:pass%20word@10.0.0.5/shop", "bad *MASKED*"),
        ("no user has pass%20word", "no user has *MASKED*"),
        ("No module named shop.settings", "No module named shop.settings"),
        ("line 11", "line 11"),
        ("colours: of-the-mails, reddish", "colours: *MASKED*, reddish"),
        ("SIGNING_KEY = 'of the signer'", "SIGNING_KEY = '*MASKED*'"),
        ("of-nobody is no other", "*MASKED* is no other"),
    ],
)
def test_values_of_the_environment_and_secrets_in_files_are_not_for_all_to_read(
    line: str, told: str
) -> None:
    assert ends(Told(line))["why"].splitlines()[1:] == [told]


def test_a_step_that_says_much_makes_no_long_line() -> None:
    host = Told(*(str(number) + "😀" * 5000 for number in range(99)))
    why = ends(host)["why"].splitlines()
    assert len(why) == 1 + LAST_LINES
    assert max(map(len, why)) == LINE_LENGTH
    assert len(host.written.encode()) < MOST_BYTES


def append(log: Path, line: str, limit: str = "") -> subprocess.CompletedProcess[str]:
    words = ["sh", "-euc", f"{limit}\n{LOG_ATTEMPT}", "sh", str(log), "3"]
    return subprocess.run(words, input=line, text=True, capture_output=True)


def test_the_line_is_the_logs_last(tmp_path: Path) -> None:
    log = tmp_path / "releases.log"
    append(log, '"release": "one"}\n')
    append(log, '"release": "two"}\n')
    assert [json.loads(line)["release"] for line in log.read_text().splitlines()] == ["one", "two"]
    assert log.stat().st_mode & 0o777 == 0o644


def test_a_line_that_has_no_room_leaves_nothing_of_it(tmp_path: Path) -> None:
    log = tmp_path / "releases.log"
    append(log, '"release": "one"}\n')
    before = log.read_text()
    # A file may have so many blocks of 512 bytes.
    long = json.dumps("x" * 2000)
    done = append(log, f'"why": {long}}}\n', "trap '' XFSZ; ulimit -f 1")
    assert done.returncode == 1
    assert log.read_text() == before
