"""What a host lacks of an archive, when it has files of it already."""

import gzip
import hashlib
import json
import tarfile
from collections.abc import Mapping
from functools import cache
from io import BytesIO

SMALLEST_BYTES = 4096
"""Of a file that is looked for: one that is smaller costs little more than its name."""
WORTH = 2
"""How many times smaller than the archive its delta has to be."""


def delta(archive: bytes, there: Mapping[str, str]) -> bytes | None:
    """What `onhost/rebuild.py` makes the archive of; None when that saves too little.

    Args:
        archive: a tar archive.
        there: where a host has files, by the SHA-256 of what is in them, in hexadecimal.
    """
    pieces: list[int | tuple[str, int]] = []
    own: list[bytes] = []
    done = 0
    for start, size, sha256 in _files(archive):
        if path := there.get(sha256):
            pieces += [start - done, (path, size)]
            own.append(archive[done:start])
            done = start + size
    pieces.append(len(archive) - done)
    own.append(archive[done:])
    if sum(map(len, own)) * WORTH > len(archive):
        return None
    told = json.dumps({"sha256": _sha256(archive), "pieces": pieces}).encode()
    whole = [len(told).to_bytes(8, "big"), told, *own]
    return gzip.compress(b"".join(whole), compresslevel=6, mtime=0)


@cache
def _files(archive: bytes) -> list[tuple[int, int, str]]:
    """Where the larger files of an archive begin in it, their sizes and their SHA-256."""
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        return [
            (
                one.offset_data,
                one.size,
                _sha256(archive[one.offset_data : one.offset_data + one.size]),
            )
            for one in tar
            if one.isreg() and one.size >= SMALLEST_BYTES
        ]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
