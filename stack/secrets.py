"""Where secrets come from: functions for the values of `env` in group_data.

They are called when the settings are loaded, and a run needs them, so a secret is never part of the
host data.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


class SecretError(Exception):
    """A secret cannot be had; the message names where it was looked for, never the secret."""


@dataclass(frozen=True)
class Secret:
    """What has the value of a setting, and can be told from the functions of a group_data file."""

    find: Callable[[], str]
    written: str
    """How a person writes it."""

    def __call__(self) -> str:
        """The value. Raises SecretError when it cannot be had."""
        return self.find()

    def to_json(self) -> str:
        """What `pyinfra … debug-inventory` shows of it."""
        return self.written


def from_environment(name: str) -> Secret:
    """An environment variable of this machine.

    To be called raises SecretError when the variable is not set.
    """

    def secret() -> str:
        try:
            return os.environ[name]
        except KeyError:
            raise SecretError(
                f"the environment variable {name} is not set on this machine"
            ) from None

    return Secret(secret, f'from_environment("{name}")')


def from_file(path: str) -> Secret:
    """The text of a file on this machine; ~ is the home.

    One newline at the end is left out, as editors add it. To be called raises SecretError when the
    file cannot be read or is not UTF-8.
    """

    def secret() -> str:
        try:
            text = Path(os.path.expanduser(path)).read_bytes().decode()
        except OSError as error:
            raise SecretError(f"the file {path} cannot be read: {error.strerror}") from None
        except UnicodeDecodeError:
            raise SecretError(f"the file {path} is not UTF-8 text") from None
        return text.removesuffix("\n")

    return Secret(secret, f'from_file("{path}")')
