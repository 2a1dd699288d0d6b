"""git as a command: the one place where it is started."""

import os
import subprocess
from collections.abc import Generator, Sequence
from contextlib import closing, suppress
from io import BufferedReader
from pathlib import Path
from signal import Signals
from threading import Thread
from typing import IO, cast

from stack.source.errors import GitError

# Set inside a git hook; they would point git at another repository than the one asked for.
REDIRECTIONS = (
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
)
# Lines of git's errors that say nothing about the case at hand.
PHRASES = (
    "Please make sure you have the correct access rights",
    "and the repository exists.",
    "To add an exception for this directory, call:",
)
MOST_BYTES = 64 << 20
"""Of what git prints that is kept in memory."""
MOST_SAID = 1 << 16
"""Bytes of its errors that are kept."""
PART_BYTES = 1 << 16


def git(
    repository: Path,
    *arguments: str,
    stdin: bytes = b"",
    env: dict[str, str] | None = None,
    enough: int | None = None,
) -> bytes:
    """What git prints to stdout when it is run in a repository. Raises GitError.

    Args:
        enough: how many bytes of it are; without it, more than MOST_BYTES are an error.
    """
    most = MOST_BYTES if enough is None else enough
    found = bytearray()
    with closing(git_parts(repository, *arguments, stdin=stdin, env=env)) as parts:
        for part in parts:
            found += part
            if len(found) > most:
                break
    if len(found) > most and enough is None:
        raise GitError(f"git prints more than {most >> 20} MB")
    return bytes(found[:most])


def git_parts(
    repository: Path, *arguments: str, stdin: bytes = b"", env: dict[str, str] | None = None
) -> Generator[bytes]:
    """The same as it is printed, in parts: it may be more than memory holds. Raises GitError.

    Whoever has had enough closes it, and so ends git.
    """
    process = _started(repository, arguments, env)
    said = bytearray()
    giving = Thread(target=_give, args=(process.stdin, stdin), daemon=True)
    hearing = Thread(target=_hear, args=(process.stderr, said), daemon=True)
    try:
        giving.start()
        hearing.start()
        with cast(BufferedReader, process.stdout) as printed:
            while part := printed.read1(PART_BYTES):
                yield part
        hearing.join()
        code = process.wait()
    finally:
        process.kill()
        process.wait()
    if code < 0:
        raise GitError(f"git was ended by {Signals(-code).name}", was_ended=True)
    if code:
        raise GitError(_said(said.decode(errors="replace")))


def _started(
    repository: Path, arguments: Sequence[str], env: dict[str, str] | None
) -> "subprocess.Popen[bytes]":
    environment = {k: v for k, v in os.environ.items() if k not in REDIRECTIONS}
    environment |= {
        "LC_ALL": "C.UTF-8",
        # The repository is the folder itself, never one that happens to lie around it.
        "GIT_CEILING_DIRECTORIES": str(repository.parent),
        "GIT_TERMINAL_PROMPT": "0",
        # A commit is what its name says, whatever refs/replace has.
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ASKPASS": "",
        **(env or {}),
    }
    try:
        return subprocess.Popen(
            ["git", *arguments],
            cwd=repository,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
        )
    except FileNotFoundError:
        raise GitError("git is not installed on this machine") from None


def _give(to: IO[bytes], stdin: bytes) -> None:
    # git may end before it has read all.
    with suppress(BrokenPipeError), to:
        to.write(stdin)


def _hear(errors: BufferedReader, said: bytearray) -> None:
    """Keep the beginning of what it says, and let it say the rest."""
    with errors:
        while part := errors.read1(PART_BYTES):
            said += part[: MOST_SAID - len(said)]


def _said(stderr: str) -> str:
    lines = [" ".join(line.split()) for line in stderr.splitlines()]
    return "; ".join(line for line in lines if line and line not in PHRASES)
