"""From the settings source and revision to a source; each once in a process."""

import os
import threading
from pathlib import Path

from stack.source.errors import SourceError
from stack.source.folder import Folder
from stack.source.mirror import is_url, refreshed
from stack.source.repository import Repository, is_repository
from stack.source.source import Source

_resolved: dict[tuple[str, str], Source] = {}
# All hosts ask at the same time; one fetch must do for all.
_resolving = threading.Lock()


def resolve(source: str, revision: str = "HEAD") -> Source:
    """The project at a revision: a commit of a git repository, or a plain folder as it is.

    `source` is a path (~ is expanded) or a URL that git can fetch. Raises SourceError.
    """
    with _resolving:
        key = (source, revision)
        if key not in _resolved:
            _resolved[key] = resolve_anew(source, revision)
        return _resolved[key]


def resolve_anew(source: str, revision: str) -> Source:
    """The same, as it is now: a URL is fetched, a folder read. Raises SourceError."""
    if revision.startswith("-"):
        raise SourceError("revision", revision, "expected a branch, tag or commit")
    # os.path, for it raises nothing: not for ~nobody-here, not for a name that is too long.
    path = Path(os.path.expanduser(source))
    if not os.path.exists(path) and is_url(source):
        return Repository(refreshed(source), revision, source)
    if not os.path.isdir(path):
        problem = "is not a folder" if os.path.exists(path) else "does not exist"
        raise SourceError("source", source, f"{problem}; expected a git repository or a folder")
    if is_repository(path):
        return Repository(path.absolute(), revision, source)
    if revision != "HEAD":
        reason = f"{source} is a plain folder, without revisions; leave revision out"
        raise SourceError("revision", revision, reason)
    return Folder(path, source)
