"""Paths of root's as they are declared."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stack.host.observation import Entry


@dataclass(frozen=True)
class File:
    """A regular file, owned by root."""

    path: str
    content: str
    mode: str = "644"
    secret: bool = False
    """Whether nobody is to be shown what is in it."""

    def is_in_place(self, entry: Entry | None) -> bool:
        """Whether a host has it, to the byte and to the mode."""
        return entry is not None and (
            (entry.kind, entry.mode, entry.owner, entry.group, entry.sha256)
            == ("file", self.mode, "root", "root", _sha256(self.content))
        )


PROXY_PASS = re.compile(r"proxy_pass [^;]*;")
WRITTEN = "# Written by the deployment, and replaced by it: "


def written(text: str) -> str:
    """The text of an Nginx site, with a line that tells whether anyone else has changed it."""
    return f"{WRITTEN}{_unaddressed(text)}\n{text}"


def is_as_written(text: str) -> bool:
    """Whether a site is as a deployment has left it, whichever and wherever it sends visitors."""
    first, _, rest = text.partition("\n")
    return first == f"{WRITTEN}{_unaddressed(rest)}"


def _unaddressed(text: str) -> str:
    return _sha256(PROXY_PASS.sub("proxy_pass;", text))[:16]


@dataclass(frozen=True)
class Site(File):
    """An Nginx site. Where it sends visitors is the switch's to change, and not looked at."""

    def is_in_place(self, entry: Entry | None) -> bool:
        """Whether a host has it, but for the address."""
        masked = PROXY_PASS.sub("proxy_pass;", self.content)
        return entry is not None and (
            (entry.kind, entry.mode, entry.owner, entry.group, entry.masked_sha256)
            == ("file", self.mode, "root", "root", _sha256(masked))
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


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


Declared = File | Directory | Link


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
