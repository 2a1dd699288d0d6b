"""What sudo asks for, and how it is answered."""

from collections.abc import Iterator
from typing import Any

from pyinfra.api import StringCommand
from pyinfra.connectors import util

WORDS = ("env", "LANGUAGE=", "LC_ALL=C.UTF-8")
"""By which programs speak English, whatever language the server has for people's sessions."""
OF_SUDO_RS = (
    "sudo: interactive authentication is required",
    # It could not run the program that it is to ask.
    "sudo: Authentication required but not attempted",
)
"""Under the name that Ubuntu 26.04 gives to it."""


def hand_over_password_by(script: str) -> None:
    """The shell that writes sudo's askpass file.

    Its `$1` is the folder for temporary files, and `$2` the name of the variable with the password.
    Upstream needs to look for a folder in which files may be executed.
    """
    # str.format puts in both, and takes the shell's own braces for places too.
    util.ASKPASS_COMMAND = 'set -- "{0}" {1}\n' + script.replace("{", "{{").replace("}", "}}")


def understand_that_it_asks() -> None:
    """Have sudo say in words that pyinfra knows that it wants a password.

    Upstream knows those of sudo and of sudo-rs in English, and not all of the second's.
    """
    lines = (*util.SUDO_PASSWORD_REQUIRED_LINES, *OF_SUDO_RS)
    util.SUDO_PASSWORD_REQUIRED_LINES = lines  # type: ignore[assignment]
    make = util.make_unix_command

    def make_in_english(command: StringCommand, **arguments: Any) -> StringCommand:
        made = make(command, **arguments)
        return StringCommand(*WORDS, made) if arguments.get("_sudo") else made

    util.make_unix_command = make_in_english  # type: ignore[assignment]


def private_names() -> Iterator[tuple[object, str]]:
    """What is touched here, by what has it."""
    yield util, "ASKPASS_COMMAND"
    yield util, "SUDO_PASSWORD_REQUIRED_LINES"
    yield util, "make_unix_command"
