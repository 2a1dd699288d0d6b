"""A commit as git archive packs it: the same bytes whoever does it, and in nobody's memory."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from stack.source.errors import GitError
from stack.source.git import git
from stack.source.nobodys import READING, bare
from stack.source.spool import Spool, SpoolError, spooled

# Making it runs nothing. What the commit itself says in .gitattributes holds.
SAME_EVERYWHERE = (
    *("-c", "core.autocrlf=false"),
    *("-c", "core.eol=lf"),
    *("-c", "core.attributesFile=/dev/null"),
    *("-c", "tar.umask=0022"),
)
# How much of packs git maps into its memory.
MAPPED = ("-c", "core.packedGitWindowSize=16m", "-c", "core.packedGitLimit=64m")
# Larger files are passed on as they are.
STREAMED = ("-c", "core.bigFileThreshold=8m")
CONVERTED = re.compile(rb"\b(eol|crlf|ident|working-tree-encoding)\b")
"""What in a .gitattributes makes a file another one in the archive, whatever its size."""
CANNOT_WRITE = "fatal: write error: "
"""What git says when there is no room for what it prints."""


def archived(repository: Path, commit: str, prefix: str, attributes: Sequence[str]) -> Spool:
    """A commit's archive, below a folder.

    Args:
        repository: which has the commit.
        commit: its name.
        prefix: the folder, with a slash at its end; or nothing.
        attributes: the objects of its .gitattributes.

    Raises:
        GitError: it cannot be read.
        SpoolError: there is no room for it.
    """
    streamed = () if _converts(repository, attributes) else STREAMED
    words = ("archive", "--format=tar", f"--prefix={prefix}", commit)

    def write(file: BinaryIO) -> None:
        try:
            with bare(repository, commit) as (folder, env):
                git(folder, *SAME_EVERYWHERE, *MAPPED, *streamed, *words, env=env, to=file)
        except GitError as error:
            if error.said.startswith(CANNOT_WRITE):
                raise SpoolError(error.said.removeprefix(CANNOT_WRITE)) from None
            raise
        except OSError as error:
            # The bare repository lies in the temporary folder, too.
            raise SpoolError(error.strerror or f"{error}") from None

    return spooled(write)


def _converts(repository: Path, attributes: Sequence[str]) -> bool:
    if not attributes:
        return False
    asked = "".join(f"{one}\n" for one in attributes).encode()
    found = git(repository, "cat-file", "--batch", stdin=asked, env=READING)
    return CONVERTED.search(found) is not None
