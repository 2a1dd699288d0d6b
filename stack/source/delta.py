"""What a host lacks of an archive, when it has files of it already."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain

from stack.source.spool import Spool, gzipped
from stack.source.tar import members

SMALLEST_BYTES = 4096
"""Of a file that is looked for: one that is smaller costs little more than its name."""
WORTH = 2
"""How many times smaller than the archive its delta has to be."""


def delta(archive: Spool, there: Mapping[str, str]) -> Spool | None:
    """What `onhost/rebuild.py` makes the archive of; None when that saves too little.

    Args:
        archive: a tar archive.
        there: where a host has files, by the SHA-256 of what is in them, in hexadecimal.

    Raises:
        SpoolError: there is no room for it.
    """
    pieces: list[int | tuple[str, int, str]] = []
    own: list[tuple[int, int]] = []
    done = 0
    for start, size, sha256 in _files(archive):
        if path := there.get(sha256):
            pieces += [start - done, (path, size, sha256)]
            own.append((done, start))
            done = start + size
    pieces.append(archive.size - done)
    own.append((done, archive.size))
    if sum(end - start for start, end in own) * WORTH > archive.size:
        return None

    def new() -> Iterator[bytes]:
        for start, end in own:
            yield from archive.parts(start, end)

    digest = hashlib.sha256()
    for part in new():
        digest.update(part)
    note = json.dumps({"sha256": digest.hexdigest(), "pieces": pieces}).encode()
    return gzipped(chain([len(note).to_bytes(8, "big"), note], new()))


@cache
def _files(archive: Spool) -> list[tuple[int, int, str]]:
    """Where the larger files of an archive begin in it, their sizes and their SHA-256."""
    return [
        (one.offset_data, one.size, archive.sha256_of(one.offset_data, one.size))
        for one in members(archive)
        if one.isreg() and one.size >= SMALLEST_BYTES
    ]
