"""Make an archive of what is new in it and of files that are here already.

    python3 rebuild.py FOLDER NEW

The archive goes to standard output. NEW is gzip's: eight bytes for how long a note of JSON is, the
note, then what is new. The note has the SHA-256 of all that is new, and the archive's pieces in
order: a number for so many bytes of what is new; a path in FOLDER, a size and a SHA-256 for a file.
Whatever the files hold by now, it ends with exit code 0 for that archive and for no other.
"""

import gzip
import hashlib
import json
import os
import stat
import sys
from typing import BinaryIO

PART_BYTES = 1 << 20


def main(folder: str, new: str) -> None:
    """Make it. Ends with a line when that cannot be."""
    digest = hashlib.sha256()
    with gzip.open(new) as own:
        note = json.loads(own.read(int.from_bytes(own.read(8), "big")))
        for piece in note["pieces"]:
            if isinstance(piece, int):
                passed_on(own, piece, digest)
                continue
            path, size, sha256 = piece
            its = hashlib.sha256()
            with opened(os.path.join(folder, path)) as file:
                passed_on(file, size, its)
            if its.hexdigest() != sha256:
                sys.exit("A file has changed.")
    if digest.hexdigest() != note["sha256"]:
        sys.exit("What was sent has changed.")
    sys.stdout.buffer.flush()


def passed_on(file: "BinaryIO | gzip.GzipFile", size: int, digest: "hashlib._Hash") -> None:
    """Print the next so many bytes of a file, and add them to a digest."""
    while size:
        part = file.read(min(size, PART_BYTES))
        if not part:
            sys.exit("A file has become shorter.")
        digest.update(part)
        sys.stdout.buffer.write(part)
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
