"""The content of files that git LFS keeps, from the server of a repository's own remote."""

import os
import re
from pathlib import Path

from stack.source import cache
from stack.source.errors import GitError
from stack.source.git import git
from stack.source.mirror import is_url
from stack.source.nobodys import READING, bare

NO_BRANCH = "ref: refs/heads/none\n"
"""A HEAD that has no files: git LFS reads .lfsconfig of it, which may name another server."""
SAFE = ("http://", "https://", "ssh://", "file://")
"""git LFS asks them by itself, and by ssh."""


def store() -> Path:
    """Where what was fetched is kept. Raises OSError."""
    return cache.folder("lfs")


def fetch(repository: Path, commit: str, source: str) -> None:
    """Have all of a commit's in the store.

    Nobody's configuration is asked: so neither a command is run that it names, nor another server
    asked than that of the remote itself.

    Args:
        repository: which has the commit.
        source: the setting's value, perhaps a URL.

    Raises:
        GitError: it cannot be; says why.
        OSError: there is no store.
    """
    url = origin(repository) or (source if is_url(source) else "")
    if not url:
        raise GitError("it has no remote origin")
    # What is taken for an option of ssh's is no host.
    if ("://" in url and not url.startswith(SAFE)) or re.search(r"(^|://|@)-", url):
        raise GitError(f"its remote origin is {url!r}")
    with bare(repository, commit) as (folder, env):
        (folder / "HEAD").write_text(NO_BRANCH)
        for name, value in (("remote.origin.url", url), ("lfs.storage", str(store()))):
            git(folder, "config", name, value, env=env)
        ssh = os.environ.get("GIT_SSH_COMMAND", "ssh")
        patient = {"GIT_SSH_COMMAND": f"{ssh} -o BatchMode=yes -o ConnectTimeout=30"}
        try:
            git(folder, "lfs", "version", env=env)
        except GitError:
            raise GitError("git lfs is not installed on this machine") from None
        retries = ("-c", "lfs.transfer.maxretries=2")
        git(folder, *retries, "lfs", "fetch", "origin", commit, env=env | patient)


def origin(repository: Path) -> str:
    """Where a repository came from; empty when it does not say, as our own copy of a remote one."""
    try:
        found = git(repository, "config", "--local", "remote.origin.url", env=READING)
    except GitError:
        return ""
    url = os.fsdecode(found.removesuffix(b"\n"))
    path = repository / os.path.expanduser(url)
    return url if is_url(url) and not path.exists() else f"file://{path.resolve()}"
