"""What is too large for memory, in a file without a name."""

import hashlib
import io
import os
import tempfile
import weakref
import zlib
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from stack.source.errors import SourceError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

PART_BYTES = 1 << 20
"""How much of it is in memory at a time."""
BETWEEN_LOOKS = 64 << 20
"""Bytes after which it is looked how much room there is left."""
LEFT = 1 << 30
"""Bytes that an archive leaves to others where it lies, or a tenth where that is less."""
BUFFER_BYTES = 1 << 16
"""How much of small files and headers is read and written at a time."""


class SpoolError(SourceError):
    """The temporary folder does not take it."""

    def __init__(self, reason: str) -> None:
        super().__init__("TMPDIR", tempfile.tempdir or "", f"cannot keep an archive: {reason}")


class Spool:
    """Bytes in a file, which does not change.

    It has no name, or may lose it: so it is gone with the process, however that ends. Any number of
    threads can read it at a time, each wherever it is.
    """

    def __init__(self, descriptor: int) -> None:
        self.size = os.fstat(descriptor).st_size
        self._descriptor = descriptor
        weakref.finalize(self, os.close, descriptor).atexit = False

    @classmethod
    def at(cls, path: Path) -> "Spool":
        """A file that nobody writes to any more. Raises OSError."""
        return cls(os.open(path, os.O_RDONLY))

    def read(self, start: int = 0, size: int | None = None) -> bytes:
        """So many bytes from there on, without a size all: fewer where they end before."""
        return os.pread(self._descriptor, self.size if size is None else size, start)

    def parts(self, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """What is between two positions, in order."""
        end = self.size if end is None else end
        for at in range(start, end, PART_BYTES):
            yield self.read(at, min(PART_BYTES, end - at))

    def reader(self) -> BinaryIO:
        """It as a file, with a position of its own."""
        return io.BufferedReader(_Reader(self), BUFFER_BYTES)

    def has(self, text: bytes) -> bool:
        """Whether that is in it."""
        more = PART_BYTES + len(text) - 1
        return any(text in self.read(at, more) for at in range(0, self.size, PART_BYTES))

    @cached_property
    def sha256(self) -> str:
        """Of all, in hexadecimal."""
        return self.sha256_of(0, self.size)

    def sha256_of(self, start: int, size: int) -> str:
        """Of so many bytes from there on, in hexadecimal."""
        digest = hashlib.sha256()
        for part in self.parts(start, start + size):
            digest.update(part)
        return digest.hexdigest()


def spooled(write: Callable[[BinaryIO], object]) -> Spool:
    """What is written to a new file. Raises SpoolError where there is no room for it.

    Args:
        write: gets the file.
    """
    with _temporary() as file:
        buffer = io.BufferedWriter(_Writer(file), BUFFER_BYTES)
        write(buffer)
        buffer.flush()
        return Spool(os.dup(file.fileno()))


def gzipped(parts: Iterator[bytes]) -> Spool:
    """The same compressed, as gzip does it: the same bytes in every process. Raises SpoolError."""

    def write(file: BinaryIO) -> None:
        # Level 6 takes a third of the time of 9, for one hundredth more bytes.
        compressor = zlib.compressobj(6, wbits=16 + zlib.MAX_WBITS)
        for part in parts:
            file.write(compressor.compress(part))
        file.write(compressor.flush())

    return spooled(write)


def _temporary() -> io.FileIO:
    try:
        return tempfile.TemporaryFile(buffering=0)
    except OSError as error:
        raise SpoolError(error.strerror or f"{error}") from None


class _Reader(io.RawIOBase):
    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._spool.size}[whence]
        self._at = start + offset
        return self._at

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer)
        part = self._spool.read(self._at, view.nbytes)
        view[: len(part)] = part
        self._at += len(part)
        return len(part)


class _Writer(io.RawIOBase):
    """Tells an error of the file's own from one of what is read meanwhile."""

    def __init__(self, file: io.FileIO) -> None:
        self._file = file
        self._since = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._file.tell()

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            written = self._file.write(data)
            self._since += written
            if self._since >= BETWEEN_LOOKS:
                self._since = 0
                self._leave_room()
            return written
        except OSError as error:
            raise SpoolError(error.strerror or f"{error}") from None

    def _leave_room(self) -> None:
        """A few kilobytes of a repository can fill any disk: others need it too."""
        disk = os.fstatvfs(self._file.fileno())
        least = min(LEFT, disk.f_blocks * disk.f_frsize // 10)
        if disk.f_bavail * disk.f_frsize < least:
            left = (
                f"it has {self._file.tell() >> 20} MB, and leaves less than {least >> 20} MB free"
            )
            raise SpoolError(f"{left}; set TMPDIR to a folder with more room")
