"""A remote repository, kept as a bare one in the controller's cache."""

import fcntl
import hashlib
import os
import re
from pathlib import Path

from stack.source import cache
from stack.source.errors import GitError, SourceError
from stack.source.git import git

# The commit that the remote's HEAD is at; a bare repository's own HEAD would stay at the first.
REMOTE_HEAD = "refs/django-stack/HEAD"
HEAD = f"+HEAD:{REMOTE_HEAD}"
BRANCHES_AND_TAGS = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
# Git's words for a remote whose HEAD is a branch that it does not have.
NO_HEAD = "find remote ref HEAD"
# A server that says nothing for half a minute is given up.
PATIENCE = ("-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=30")


def is_url(source: str) -> bool:
    """Whether git would fetch it rather than find it here: scheme://… or [user@]host:path."""
    return "://" in source or re.match(r"[^/:\s]+:[^:]", source) is not None


def kept(url: str) -> Path:
    """Where the local copy of a remote repository is, once it was fetched. Raises OSError."""
    return cache.folder("git") / hashlib.sha256(url.encode()).hexdigest()[:16]


def refreshed(url: str, by_commit: bool = False) -> Path:
    """The local copy of a remote repository, as the remote is now. Raises SourceError.

    Args:
        url: where it is.
        by_commit: whether a commit says so, and no person: git then fetches from no folder of this
            machine unless the person's configuration allows it.
    """
    try:
        path = kept(url)
        with open(path.with_suffix(".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _refresh(path, url, {"GIT_PROTOCOL_FROM_USER": "0"} if by_commit else {})
    except OSError as error:
        reason = f"cannot be kept in {error.filename}: {error.strerror}"
        raise SourceError("source", url, reason) from None
    except GitError as error:
        raise SourceError("source", url, f"cannot be fetched: {error}") from None
    return path


def _refresh(path: Path, url: str, env: dict[str, str]) -> None:
    # All of it is harmless to repeat, so a run that was cut here is mended by the next.
    path.mkdir(mode=0o700, exist_ok=True)
    git(path, "init", "--bare", "--quiet")
    try:
        _fetch(path, url, env, HEAD, *BRANCHES_AND_TAGS)
        git(path, "update-ref", "--no-deref", "HEAD", REMOTE_HEAD)
    except GitError as error:
        if NO_HEAD not in f"{error}":
            raise
        _fetch(path, url, env, *BRANCHES_AND_TAGS)
        git(path, "update-ref", "-d", REMOTE_HEAD)
        git(path, "symbolic-ref", "HEAD", REMOTE_HEAD)


def _fetch(path: Path, url: str, env: dict[str, str], *references: str) -> None:
    try:
        configured = git(path, "config", "core.sshCommand").decode().strip()
    except GitError:
        configured = "ssh"
    ssh = os.environ.get("GIT_SSH_COMMAND", configured)
    git(
        path,
        *PATIENCE,
        *("fetch", "--quiet", "--force", "--prune", "--no-write-fetch-head"),
        # The remote may be a shallow clone itself.
        *("--update-shallow", "--end-of-options"),
        url,
        *references,
        env={**env, "GIT_SSH_COMMAND": f"{ssh} -o BatchMode=yes -o ConnectTimeout=30"},
    )
