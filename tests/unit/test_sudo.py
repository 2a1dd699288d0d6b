"""How sudo gets its password, and how it is understood that it wants one."""

import subprocess
from pathlib import Path

import pytest
from pyinfra.api import StringCommand
from pyinfra.connectors import util

from stack.run.servers import ASKPASS
from stack.run.upstream import sudo


def test_sudo_gets_the_password_from_a_program_whose_file_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(util, "ASKPASS_COMMAND", util.ASKPASS_COMMAND)
    sudo.hand_over_password_by(ASKPASS)
    command = util.ASKPASS_COMMAND.format(tmp_path, "NAME")
    program = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    told = subprocess.run(
        [program.stdout.strip()], env={"NAME": "{1} $it's"}, capture_output=True, text=True
    )
    assert told.stdout == "{1} $it's\n"
    assert Path(program.stdout).parent == tmp_path


def test_sudo_is_run_in_the_language_that_pyinfra_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("make_unix_command", "SUDO_PASSWORD_REQUIRED_LINES"):
        monkeypatch.setattr(util, name, getattr(util, name))
    sudo.understand_that_it_asks()
    with_sudo = util.make_unix_command(StringCommand("id"), _sudo=True).get_raw_value()
    assert with_sudo.startswith("env LANGUAGE= LC_ALL=C.UTF-8 sudo ")
    without = util.make_unix_command(StringCommand("id")).get_raw_value()
    assert without == "sh -c id"
    # Ubuntu's sudo-rs calls itself sudo.
    words = "sudo: interactive authentication is required"
    assert words in util.SUDO_PASSWORD_REQUIRED_LINES
