"""Which commit of a repository a revision names."""

from pathlib import Path

from stack.source.errors import GitError, SourceError
from stack.source.git import git
from stack.source.nobodys import READING


def commit_named(path: Path, revision: str, source: str) -> str:
    """The commit that a person means.

    Args:
        source: the repository, as the person has named it.

    Raises:
        SourceError: there is none of that name, or more than one.
    """
    try:
        commit = commit_of(path, revision)
        named = _branch_and_tag(path, revision)
    except GitError as error:
        # An unknown name is all that --quiet leaves unsaid.
        if error.said:
            raise SourceError("source", source, error.said) from None
        missing = f"no such branch, tag or commit in {source}{_elsewhere(path, revision)}"
        if revision == "HEAD":
            missing = f"HEAD of {source} is at no commit; make one, or set revision to a branch"
        raise SourceError("revision", revision, missing) from None
    if len(named) > 1:
        its = f"refs/heads/{revision} or refs/tags/{revision}"
        reason = f"is a branch and a tag, at different commits; expected {its}"
        raise SourceError("revision", revision, reason)
    return commit


def commit_of(path: Path, revision: str) -> str:
    """The commit that git finds. Raises GitError."""
    asked = f"{revision}^{{commit}}"
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", asked)
    return git(path, *words, env=READING).decode().split()[-1]


def _elsewhere(path: Path, revision: str) -> str:
    """Where a branch of that name is, as the end of a sentence: in a clone, on its remotes."""
    shown = "--format=%(refname:lstrip=2)"
    listed = git(path, "for-each-ref", shown, "refs/remotes", env=READING).decode()
    there = [name for name in listed.split() if name.partition("/")[2] == revision]
    return f"; there is {' and '.join(there)}" if there else ""


def _branch_and_tag(path: Path, revision: str) -> set[str]:
    """The commits that a branch and a tag of the same name are at."""
    if revision == "HEAD":
        return set()
    names = f"refs/heads/{revision}", f"refs/tags/{revision}"
    shown = "--format=%(refname) %(objectname) %(*objectname)"
    listed = git(path, "for-each-ref", shown, *names, env=READING).decode()
    told = [line.split() for line in listed.splitlines()]
    return {commit for name, *_, commit in told if name in names}
