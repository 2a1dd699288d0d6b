"""Files that git LFS keeps elsewhere: in the commit there is a pointer to each."""

import tarfile
from io import BytesIO

from stack.source.errors import SourceError

POINTER = b"version https://git-lfs.github.com/spec/v1\n"
LONGEST_POINTER = 1024
"""Bytes, by the specification of git LFS."""
MOST_NAMED = 3


def refuse_pointers(tar: bytes, source: str) -> None:
    """Refuse a source with pointers in it: visitors would get them in place of the files.

    Args:
        tar: the whole source.
        source: the setting's value.

    Raises:
        SourceError: it has some.
    """
    # Most sources have none, and looking through all their files takes a while.
    if POINTER not in tar:
        return
    with tarfile.open(fileobj=BytesIO(tar)) as archive:
        small = [one for one in archive if one.isfile() and one.size <= LONGEST_POINTER]
        found = [
            one.name
            for one in small
            if (file := archive.extractfile(one)) and file.read(len(POINTER)) == POINTER
        ]
    if found:
        named = ", ".join(found[:MOST_NAMED])
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        raise SourceError(
            "source",
            source,
            f"has pointers of git LFS in place of files ({named}{more}); expected the files "
            "themselves: make source a folder in which git lfs pull was run, without its .git",
        )
