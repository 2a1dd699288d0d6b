"""A commit as git archive packs it: the same bytes whoever does it, and in nobody's memory."""

import re
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from stack.source.git import git_parts
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
LONGEST_WORD = 32
"""Bytes, and more than any of those has."""


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
        options = (*SAME_EVERYWHERE, *MAPPED, *streamed)
        try:
            with (
                bare(repository, commit) as (folder, env),
                closing(git_parts(folder, *options, *words, env=env)) as parts,
            ):
                file.writelines(parts)
        except OSError as error:
            # The bare repository lies in the temporary folder, too.
            raise SpoolError(error.strerror or f"{error}") from None

    return spooled(write)


def _converts(repository: Path, attributes: Sequence[str]) -> bool:
    if not attributes:
        return False
    asked = "".join(f"{one}\n" for one in sorted({*attributes})).encode()
    before = b""
    with closing(
        git_parts(repository, *STREAMED, "cat-file", "--batch", stdin=asked, env=READING)
    ) as parts:
        for part in parts:
            if CONVERTED.search(before + part):
                return True
            before = part[-LONGEST_WORD:]
    return False
