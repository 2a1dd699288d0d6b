"""Archives of tar's, byte for byte."""

import tarfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from stack.source.spool import Spool, spooled

BLOCK = tarfile.BLOCKSIZE


def joined(archives: Sequence[Spool]) -> Spool:
    """One archive with all that is in several, each as it is. Raises SpoolError."""

    def write(file: BinaryIO) -> None:
        for archive in archives:
            file.writelines(archive.parts(0, _end(archive)))
        file.write(bytes(2 * BLOCK))

    return spooled(write)


def members(archive: Spool) -> Iterator[tarfile.TarInfo]:
    """What is in an archive, one after the other: tarfile itself would keep all of them."""
    with tarfile.open(fileobj=archive.reader(), mode="r:") as tar:
        while one := tar.next():
            yield one
            tar.members.clear()  # type: ignore[attr-defined]


def _end(archive: Spool) -> int:
    """Where its last file ends."""
    ends = (one.offset_data + (one.size if one.isreg() else 0) for one in members(archive))
    return -(-max(ends, default=0) // BLOCK) * BLOCK
