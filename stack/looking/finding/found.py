"""What was found out about a project: settings, with a word on each that needs one."""

import json
from dataclasses import dataclass, field
from typing import Any


class Code(str):
    """A value that is printed as it is: an expression of Python."""

    __slots__ = ()


def from_environment(name: str) -> Code:
    """The value of a variable that is as secret as it was."""
    return Code(f"from_environment({json.dumps(name)})")


@dataclass
class Found:
    """Settings, and what a person should know.

    Attributes:
        settings: values by the settings' names, without `env`.
        env: what goes into the setting `env`.
        words: what is said of a setting, or of a name of `env`, in lines above it.
        wrong: what is still wrong for production, a line each.
        overriding: lines of a settings module for servers, after an import of the project's own.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    words: dict[str, list[str]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    overriding: list[str] = field(default_factory=list)

    def set(self, name: str, value: Any, word: str = "") -> None:
        """Set a setting, with a word on it."""
        self.settings[name] = value
        if word:
            self.say(name, word)

    def add(self, name: str, values: list[str], word: str = "") -> None:
        """Add to a setting that is a list."""
        there = self.settings.setdefault(name, [])
        there += [value for value in values if value not in there]
        if word:
            self.say(name, word)

    def say(self, name: str, word: str) -> None:
        """Say a word on a setting."""
        said = self.words.setdefault(name, [])
        if word not in said:
            said.append(word)
