"""Files that git LFS keeps elsewhere: in the commit there is a pointer to each."""

import os
import re
import stat
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from stack.source.spool import Spool, spooled
from stack.source.tar import members

POINTER = b"version https://git-lfs.github.com/spec/v1\n"
LONGEST_POINTER = 1024
"""Bytes, by the specification of git LFS."""
MOST_BYTES = 8**11 - 1
"""Of a file in an archive, without more than its format has always had."""
BLOCK = tarfile.BLOCKSIZE
MOST_NAMED = 3

OID = re.compile(rb"^oid sha256:([0-9a-f]{64})$", re.MULTILINE)
SIZE = re.compile(rb"^size ([0-9]{1,11})$", re.MULTILINE)


@dataclass(frozen=True)
class Pointer:
    """What stands in a file's place."""

    oid: str
    """The SHA-256 of its content; empty where that is not told."""
    size: int = 0

    def content(self, folders: Sequence[Path]) -> Spool | None:
        """The file's content, from the first of such folders of git LFS that has it."""
        paths = (folder / self.oid[:2] / self.oid[2:4] / self.oid for folder in folders)
        found = (self.content_of(path) for path in paths)
        return next((content for content in found if content is not None), None)

    def content_of(self, path: Path) -> Spool | None:
        """What is in a file, when it is the one that this stands for."""
        try:
            # Somebody else may have put there what cannot be read to an end.
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        content = Spool(descriptor)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode) or content.size != self.size:
            return None
        return content if content.sha256 == self.oid else None


def pointer_in(text: bytes) -> Pointer | None:
    """The pointer that a file holds; None when it is none."""
    if len(text) > LONGEST_POINTER or not text.startswith(POINTER):
        return None
    oid, size = OID.search(text), SIZE.search(text)
    if not oid or not size or int(size[1]) > MOST_BYTES:
        return Pointer("")
    return Pointer(oid[1].decode(), int(size[1]))


def pointers_in(tar: Spool) -> Iterator[tuple[tarfile.TarInfo, Pointer]]:
    """The files of an archive that are pointers."""
    # Most sources have none, and looking through all their files takes a while.
    if not tar.has(POINTER):
        return
    for one in members(tar):
        if not one.isreg() or one.size > LONGEST_POINTER:
            continue
        if pointer := pointer_in(tar.read(one.offset_data, one.size)):
            yield one, pointer


def filled(tar: Spool, content: Callable[[Pointer], Spool | None]) -> tuple[Spool, list[str]]:
    """An archive with the files themselves, and the names of those that are still pointers.

    All else in it stays as it is, to the byte. Raises SpoolError.
    """
    pointers = list(pointers_in(tar))
    missing: list[str] = []

    def write(file: BinaryIO) -> None:
        done = 0
        for one, pointer in pointers:
            found = content(pointer)
            if found is None:
                missing.append(one.name)
                continue
            header = one.offset_data - BLOCK
            file.writelines(tar.parts(done, header))
            file.write(_resized(tar.read(header, BLOCK), found.size))
            file.writelines(found.parts())
            file.write(bytes(-found.size % BLOCK))
            done = one.offset_data + one.size + -one.size % BLOCK
        file.writelines(tar.parts(done))

    return (spooled(write) if pointers else tar), missing


def _resized(header: bytes, size: int) -> bytes:
    """The header of a file in an archive, for another size of the file."""
    start, end = header[:124] + b"%011o\0" % size + header[136:148], header[156:]
    return start + b"%06o\0 " % sum(start + b" " * 8 + end) + end


def named(missing: Sequence[str]) -> str:
    """Some files, for a person."""
    more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    return f"{', '.join(missing[:MOST_NAMED])}{more}"
