"""Make an archive of what is new in it and of files that are here already.

    python3 rebuild.py FOLDER NEW ARCHIVE

NEW is gzip's: eight bytes for how long a note of JSON is, the note, then what is new. The note has
the archive's SHA-256 and its pieces in order: a number for so many bytes of what is new, a path in
FOLDER and a size for a file. Whatever the files hold by now, what is made is that archive or none.
"""

import gzip
import hashlib
import json
import os
import stat
import sys
from collections.abc import Iterator
from typing import BinaryIO

PART_BYTES = 1 << 20


def main(folder: str, new: str, archive: str) -> None:
    """Make it. Ends with a line when that cannot be."""
    digest = hashlib.sha256()
    with gzip.open(new) as own, open(archive, "wb") as out:
        note = json.loads(own.read(int.from_bytes(own.read(8), "big")))
        for piece in note["pieces"]:
            if isinstance(piece, int):
                parts = taken(own, piece)
            else:
                path, size = piece
                parts = taken(opened(os.path.join(folder, path)), size)
            for part in parts:
                digest.update(part)
                out.write(part)
    if digest.hexdigest() != note["sha256"]:
        sys.exit("A file has changed.")


def taken(file: "BinaryIO | gzip.GzipFile", size: int) -> Iterator[bytes]:
    """The next so many bytes of a file."""
    while size:
        part = file.read(min(size, PART_BYTES))
        if not part:
            sys.exit("A file has become shorter.")
        yield part
        size -= len(part)


def opened(path: str) -> BinaryIO:
    """A regular file, opened to be read: anything else could be without end."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        sys.exit(f"A file cannot be read: {error.strerror}.")
    if not stat.S_ISREG(os.fstat(file).st_mode):
        sys.exit("Something else is where a file was.")
    return open(file, "rb")


main(*sys.argv[1:])
