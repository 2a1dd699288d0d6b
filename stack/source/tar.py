"""Archives of tar's, byte for byte."""

import tarfile
from collections.abc import Iterable
from io import BytesIO

BLOCK = tarfile.BLOCKSIZE


def joined(archives: Iterable[bytes]) -> bytes:
    """One archive with all that is in several, each as it is."""
    return b"".join(map(_without_end, archives)) + bytes(2 * BLOCK)


def _without_end(archive: bytes) -> bytes:
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        ends = [one.offset_data + (one.size if one.isreg() else 0) for one in tar]
    return archive[: -(-max(ends, default=0) // BLOCK) * BLOCK]
