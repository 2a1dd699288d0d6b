"""Archives of tar's, byte for byte."""

import tarfile
from collections.abc import Sequence
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


def _end(archive: Spool) -> int:
    """Where its last file ends."""
    with tarfile.open(fileobj=archive.reader(), mode="r:") as tar:
        ends = [one.offset_data + (one.size if one.isreg() else 0) for one in tar]
    return -(-max(ends, default=0) // BLOCK) * BLOCK
