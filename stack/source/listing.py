"""What a commit has, as git lists it."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from stack.source.extent import MOST_OF_A_PATH, Extent
from stack.source.git import git_parts
from stack.source.nobodys import READING

SYMBOLIC_LINK, FOLDER = b"120000", b"040000"
LINK = b"160000"
"""The mode of what stands for a submodule."""
LIST = ("ls-tree", "-r", "-t", "-z", "--full-tree")


def listed(
    repository: Path, commit: str, at: str, extent: Extent
) -> Iterator[tuple[str, bytes, str]]:
    """Path, mode and object of all that a commit has, folders included.

    Each is counted before the next is asked for: one folder may be there a million times.

    Args:
        at: the path of a submodule, with a slash; empty where it is none.

    Raises:
        GitError: it cannot be read.
        SourceError: it is too much.
    """
    before = len(os.fsencode(at))
    rest = b""
    with closing(git_parts(repository, *LIST, commit, env=READING)) as parts:
        for part in parts:
            *lines, rest = (rest + part).split(b"\0")
            for line in lines:
                described, _, path = line.partition(b"\t")
                mode, _, object_ = described.split()
                extent.add(before + len(path))
                yield path.decode(errors="surrogateescape"), mode, object_.decode()
            if len(rest) > 2 * MOST_OF_A_PATH:
                extent.add(len(rest))
