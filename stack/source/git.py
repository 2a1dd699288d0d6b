"""git as a command: the one place where it is started."""

import os
import subprocess
from pathlib import Path
from signal import Signals
from typing import BinaryIO

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


def git(
    repository: Path,
    *arguments: str,
    stdin: bytes = b"",
    env: dict[str, str] | None = None,
    to: BinaryIO | None = None,
) -> bytes:
    """What git prints to stdout when it is run in a repository. Raises GitError.

    Args:
        to: a file that gets it instead.
    """
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
        done = subprocess.run(
            ["git", *arguments],
            cwd=repository,
            input=stdin,
            stdout=to or subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            check=False,
        )
    except FileNotFoundError:
        raise GitError("git is not installed on this machine") from None
    if done.returncode < 0:
        raise GitError(f"git was ended by {Signals(-done.returncode).name}", was_ended=True)
    if done.returncode:
        raise GitError(_said(done.stderr.decode(errors="replace")))
    return done.stdout or b""


def _said(stderr: str) -> str:
    lines = [" ".join(line.split()) for line in stderr.splitlines()]
    return "; ".join(line for line in lines if line and line not in PHRASES)
