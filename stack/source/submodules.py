"""The submodules of a commit: other repositories, each at a commit of its own."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from stack.source.errors import GitError, SourceError
from stack.source.git import git
from stack.source.lfs_fetching import origin
from stack.source.mirror import is_url, kept, refreshed
from stack.source.nobodys import READING

SAFE = ("http://", "https://", "ssh://")
"""What a commit may name as a server, besides user@host:path and what is relative."""
HERE = "file://"
NOT_ALLOWED = "transport 'file' not allowed"
"""Git's words for a folder of this machine that a commit has asked for."""
UPDATE = "submodule update --init"


@dataclass(frozen=True)
class Submodule:
    """One of a commit's."""

    path: str
    commit: str
    name: str
    """What git calls it in a clone; empty where `.gitmodules` does not know it."""
    url: str
    """As `.gitmodules` has it, perhaps relative to where the repository came from."""


def submodules(repository: Path, links: Mapping[str, str], gitmodules: bytes) -> list[Submodule]:
    """All of a commit's. Raises GitError.

    Args:
        links: the commit of each, by its path.
        gitmodules: what `.gitmodules` holds.
    """
    named: dict[str, dict[str, str]] = {}
    words = ("config", "-z", "--no-includes", "--file", "-", "--list")
    try:
        listed = git(repository, *words, stdin=gitmodules, env=READING)
    except GitError as error:
        raise GitError(error.said.replace("standard input", ".gitmodules")) from None
    for line in listed.decode(errors="replace").split("\0"):
        key, _, value = line.partition("\n")
        if found := re.fullmatch(r"submodule\.(.+)\.(path|url)", key, re.DOTALL):
            named.setdefault(found[1], {})[found[2]] = value
    by_path = {its.get("path", ""): (name, its.get("url", "")) for name, its in named.items()}
    return [Submodule(path, links[path], *by_path.get(path, ("", ""))) for path in sorted(links)]


def repository_of(its: Submodule, above: Path, source: str) -> tuple[Path, str]:
    """A repository that has a submodule's commit: in the clone itself, or our copy of its server's.

    Args:
        its: the submodule.
        above: the repository that has it.
        source: where that came from.

    Returns:
        Its path, and where it came from itself.

    Raises:
        SourceError: there is none.
    """
    try:
        there = _in_clone(its, above)
        if there and _has(there, its.commit):
            return there, source
        url = _url(its, above, source)
        copy = kept(url)
        # A commit stays what it is, so a copy that has it needs not be as the server is now. Of a
        # folder here, git says each time whether a commit may ask for it.
        if url.startswith(HERE) or not _has(copy, its.commit):
            copy = refreshed(url, by_commit=True)
        if _has(copy, its.commit):
            return copy, url
        why = f"{url} has no branch or tag with its commit {its.commit[:12]}; run git {UPDATE}"
    except (GitError, SourceError, OSError) as error:
        why = f"{error}".removeprefix("source = ")
        if NOT_ALLOWED in why:
            why = f"{url} is on this machine, where git by default takes nothing for a commit; "
            why += f"if it is meant, run git -c protocol.file.allow=always {UPDATE}"
        else:
            why += f"; run git {UPDATE}"
    raise SourceError(
        "source",
        source,
        f"has a submodule in {its.path} that cannot be had: {why} in a clone that is source",
    )


def _in_clone(its: Submodule, above: Path) -> Path | None:
    """Where a clone keeps it: in one folder of its own, wherever its name or a link may lead."""
    if not its.name:
        return None
    found = git(above, "rev-parse", "--git-common-dir", env=READING)
    modules = (above / os.fsdecode(found.removesuffix(b"\n")) / "modules").resolve()
    path = (modules / its.name).resolve()
    return path if path.is_relative_to(modules) and (path / "HEAD").is_file() else None


def _has(repository: Path, commit: str) -> bool:
    if not (repository / "HEAD").exists():
        return False
    try:
        git(repository, "cat-file", "-e", f"{commit}^{{commit}}", env=READING)
    except GitError:
        return False
    return True


def _url(its: Submodule, above: Path, source: str) -> str:
    """Where to fetch it from. Raises GitError where that is no server."""
    url, servers = its.url, tuple[str, ...](SAFE)
    if url.startswith(("./", "../")):
        base = origin(above) or (source if is_url(source) else f"{HERE}{above.resolve()}")
        url, servers = joined(base, url), (*SAFE, HERE)
    is_server = url.startswith(servers) or ("://" not in url and is_url(url))
    # What is taken for an option of ssh's is no host; `ext::` would be a command.
    if not is_server or re.match(r"[\w+.-]*::", url) or re.search(r"(^|://|@)-", url):
        raise GitError(f".gitmodules says {its.url!r}, which is not a server")
    return url


def joined(base: str, relative: str) -> str:
    """A URL that is relative to another, as git understands it."""
    base = base.rstrip("/")
    while relative.startswith(("./", "../")):
        if relative.startswith("../"):
            cut = max(base.rfind("/"), base.rfind(":"))
            # Of user@host:path the host stays.
            base = base[:cut] if base[cut] == "/" else base[: cut + 1]
        relative = relative.partition("/")[2]
    return f"{base}{relative}" if base.endswith(":") else f"{base}/{relative}"
