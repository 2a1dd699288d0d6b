"""Tell what is in the larger files below a folder.

    python3 digests.py FOLDER SMALLEST MOST

A line for each: its SHA-256 and its path from FOLDER as JSON. Of files smaller than SMALLEST bytes
none is told, and no more than MOST bytes are read in all.
"""

import hashlib
import json
import os
import stat
import sys


def main(top: str, smallest: int, most: int) -> None:
    """Tell of what is there now."""
    for folder, folders, names in os.walk(top):
        folders.sort()
        for name in sorted(names):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            if not stat.S_ISREG(status.st_mode) or not smallest <= status.st_size <= most:
                continue
            most -= status.st_size
            print(sha256(path, status.st_size), json.dumps(os.path.relpath(path, top)))


def sha256(path: str, size: int) -> str:
    """The SHA-256 of a file's first bytes, in hexadecimal."""
    digest = hashlib.sha256()
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
        while size > 0 and (part := file.read(min(size, 1 << 20))):
            digest.update(part)
            size -= len(part)
    return digest.hexdigest()


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
