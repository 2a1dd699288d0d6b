"""Root's paths, as they are declared."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import SecretStr

from stack.host.observation import Entry


@dataclass(frozen=True)
class File:
    """A regular file, owned by root."""

    path: str
    text: str | SecretStr
    mode: str = "644"
    secret: bool = False
    """Whether nobody is to be shown what is in it."""

    @property
    def content(self) -> str:
        """What is in it. A run that neither writes nor compares it may not know that."""
        return self.text if isinstance(self.text, str) else self.text.get_secret_value()

    def is_in_place(self, entry: Entry | None) -> bool:
        """Whether a host has it, to the byte and to the mode."""
        return entry is not None and (
            (entry.kind, entry.mode, entry.owner, entry.group, entry.sha256)
            == ("file", self.mode, "root", "root", digest(self.content))
        )


@dataclass(frozen=True)
class Directory:
    """A folder, owned by root."""

    path: str
    mode: str = "755"
    group: str = "root"

    def is_in_place(self, entry: Entry | None) -> bool:
        """Whether a host has it, with this mode and group."""
        return entry is not None and (entry.kind, entry.mode, entry.owner, entry.group) == (
            "directory",
            self.mode,
            "root",
            self.group,
        )


@dataclass(frozen=True)
class Link:
    """A symlink, owned by root."""

    path: str
    target: str

    def is_in_place(self, entry: Entry | None) -> bool:
        """Whether a host has it, pointing there."""
        return entry is not None and (entry.kind, entry.target) == ("link", self.target)


Declared = File | Directory | Link


def in_the_way(files: Iterable[Declared], entries: Mapping[str, Entry]) -> list[str]:
    """The paths of what has to be put aside for these, as it is of another kind.

    A symlink or the like in a file's place is none: the file takes its place in one step.
    """
    return [
        file.path
        for file in files
        if (entry := entries.get(file.path))
        and entry.kind != kind_of(file)
        and (entry.kind == "directory" or not isinstance(file, File))
    ]


def kind_of(file: Declared) -> str:
    """That of an entry which is as declared."""
    match file:
        case File():
            return "file"
        case Directory():
            return "directory"
        case _:
            return "link"


def digest(text: str) -> str:
    """The SHA-256 of a text, as sha256sum prints it."""
    return hashlib.sha256(text.encode()).hexdigest()


def out_of_place(files: Sequence[Declared], entries: Mapping[str, Entry]) -> list[Declared]:
    """Those that a host does not have as declared.

    What is found below a symlink in a folder's place goes with the symlink.
    """
    lost = tuple(
        f"{file.path}/"
        for file in files
        if isinstance(file, Directory)
        and (entry := entries.get(file.path))
        and entry.kind != "directory"
    )
    return [
        file
        for file in files
        if not file.is_in_place(entries.get(file.path)) or file.path.startswith(lost)
    ]
