"""Files that git LFS keeps elsewhere: in the commit there is a pointer to each."""

import hashlib
import os
import re
import stat
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

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

    def content(self, folders: Sequence[Path]) -> bytes | None:
        """The file's content, from the first of such folders of git LFS that has it."""
        paths = (folder / self.oid[:2] / self.oid[2:4] / self.oid for folder in folders)
        found = (self.content_of(path) for path in paths)
        return next((content for content in found if content is not None), None)

    def content_of(self, path: Path) -> bytes | None:
        """What is in a file, when it is the one that this stands for."""
        try:
            # Somebody else may have put there what cannot be read to an end.
            descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode) or status.st_size != self.size:
                return None
            content = file.read(self.size)
        return content if hashlib.sha256(content).hexdigest() == self.oid else None


def pointer_in(text: bytes) -> Pointer | None:
    """The pointer that a file holds; None when it is none."""
    if len(text) > LONGEST_POINTER or not text.startswith(POINTER):
        return None
    oid, size = OID.search(text), SIZE.search(text)
    if not oid or not size or int(size[1]) > MOST_BYTES:
        return Pointer("")
    return Pointer(oid[1].decode(), int(size[1]))


def pointers_in(tar: bytes) -> Iterator[tuple[tarfile.TarInfo, Pointer]]:
    """The files of an archive that are pointers."""
    # Most sources have none, and looking through all their files takes a while.
    if POINTER not in tar:
        return
    with tarfile.open(fileobj=BytesIO(tar)) as archive:
        for one in archive:
            text = tar[one.offset_data : one.offset_data + one.size]
            if one.isreg() and (pointer := pointer_in(text)):
                yield one, pointer


def filled(tar: bytes, content: Callable[[Pointer], bytes | None]) -> tuple[bytes, list[str]]:
    """An archive with the files themselves, and the names of those that are still pointers.

    All else in it stays as it is, to the byte.
    """
    parts, missing, done = [], [], 0
    for one, pointer in pointers_in(tar):
        text = content(pointer)
        if text is None:
            missing.append(one.name)
            continue
        header = one.offset_data - BLOCK
        parts += [tar[done:header], _resized(tar[header : one.offset_data], len(text)), text]
        parts.append(bytes(-len(text) % BLOCK))
        done = one.offset_data + one.size + -one.size % BLOCK
    return b"".join([*parts, tar[done:]]), missing


def _resized(header: bytes, size: int) -> bytes:
    """The header of a file in an archive, for another size of the file."""
    start, end = header[:124] + b"%011o\0" % size + header[136:148], header[156:]
    return start + b"%06o\0 " % sum(start + b" " * 8 + end) + end


def named(missing: Sequence[str]) -> str:
    """Some files, for a person."""
    more = f" and {len(missing) - MOST_NAMED} more" if len(missing) > MOST_NAMED else ""
    return f"{', '.join(missing[:MOST_NAMED])}{more}"
