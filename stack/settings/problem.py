"""What is wrong with the settings, in lines for a person."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from stack.host.printable import printable

LONGEST_VALUE = 80


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one setting; `text` is the whole line, the hosts left out.

    `setting` is the plain name (`env`, also for `env["SECRET_KEY"]`). `hosts` are those that have
    the problem, or ("all hosts",); it is empty where a problem is not yet tied to hosts.
    """

    setting: str
    text: str
    hosts: tuple[str, ...] = ()

    def __str__(self) -> str:
        # What is wrong in the source may be what something in it is called.
        text = printable(self.text)
        return f"{', '.join(self.hosts)}: {text}" if self.hosts else text


class SettingsError(Exception):
    """The settings cannot be used; `problems` has all of them, str() a line for each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        first = f"{count} problem{'s' if count > 1 else ''} in the settings, nothing was changed:"
        return "\n".join([first, *(f"  {problem}" for problem in self.problems)])


def shown(value: object) -> str:
    """A value on one line as a person writes it, without the user and password of a URL."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)
    text = re.sub(r"://[^/@\s\"']*@", "://***@", text)
    # A repr may hold line ends and terminal escapes of its own.
    text = "".join(char if char.isprintable() else " " for char in text)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"
