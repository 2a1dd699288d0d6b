"""A git repository at one commit."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

from stack.source.errors import GitError, SourceError
from stack.source.git import git
from stack.source.source import Source

SYMBOLIC_LINK = b"120000"
# An archive of a commit is the same bytes whoever makes it, and making it runs nothing: in place of
# the repository's own configuration, attributes and references, and of the person's, there are
# none. What the commit itself says in .gitattributes holds.
NOBODYS = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
SAME_EVERYWHERE = (
    *("-c", "core.autocrlf=false"),
    *("-c", "core.eol=lf"),
    *("-c", "core.attributesFile=/dev/null"),
    *("-c", "tar.umask=0022"),
)


def is_repository(path: Path) -> bool:
    """Whether a folder is the top of a git repository, a worktree of one, or a bare one."""
    bare = (path / "HEAD").is_file() and all((path / d).is_dir() for d in ("objects", "refs"))
    return bare or (path / ".git").exists()


class Repository(Source):
    """The commit that a revision names in a local repository.

    Raises SourceError when there is no such commit, or when it has submodules.
    """

    def __init__(self, path: Path, revision: str, source: str) -> None:
        super().__init__(source)
        self._path = path
        self._source = source
        try:
            self._commit = self._commit_of(revision)
            has_submodules = ".gitmodules" in self._entries
        except GitError as error:
            # An unknown name is all that --quiet leaves unsaid.
            if error.said:
                raise SourceError("source", source, error.said) from None
            raise SourceError(
                "revision", revision, f"no such branch, tag or commit in {source}"
            ) from None
        if has_submodules:
            raise SourceError(
                "source",
                source,
                f"has submodules (.gitmodules) at {revision}, which git archive "
                "leaves out; expected a repository without them",
            )
        self.version = self._commit[:12]

    def _commit_of(self, revision: str) -> str:
        asked = f"{revision}^{{commit}}"
        found = git(self._path, "rev-parse", "--verify", "--quiet", "--end-of-options", asked)
        return found.decode().split()[-1]

    @cached_property
    def _entries(self) -> dict[str, tuple[bytes, str]]:
        """Mode and object of all that the commit has, folders included."""
        listed = git(self._path, "ls-tree", "-r", "-t", "-z", "--full-tree", self._commit)
        entries = {}
        for line in filter(None, listed.split(b"\0")):
            described, _, path = line.partition(b"\t")
            mode, _, object_ = described.split()
            entries[path.decode(errors="surrogateescape")] = (mode, object_.decode())
        return entries

    def _object(self, path: str) -> str | None:
        mode, object_ = self._entries.get(path, (SYMBOLIC_LINK, None))
        if mode != SYMBOLIC_LINK:
            return object_
        parts = path.split("/")
        ways = ("/".join(parts[: i + 1]) for i in range(len(parts)))
        if not any(self._entries.get(way, (b"",))[0] == SYMBOLIC_LINK for way in ways):
            return None
        asked = f"{self._commit}:{path}\n".encode(errors="surrogateescape")
        check = ("cat-file", "--batch-check", "--follow-symlinks")
        found = git(self._path, *check, stdin=asked).decode(errors="replace").split()
        return found[0] if found[1] in ("blob", "tree") else None

    def _exists(self, path: str) -> bool:
        return path == "." or self._object(path) is not None

    def _read(self, path: str) -> bytes | None:
        object_ = self._object(path)
        if object_ is None:
            return None
        try:
            return git(self._path, "cat-file", "blob", object_)
        except GitError:
            return None  # a folder

    def _tar(self) -> bytes:
        try:
            with self._clean() as (bare, env):
                archive = (*SAME_EVERYWHERE, "archive", "--format=tar", self._commit)
                return git(bare, *archive, env=env)
        except GitError as error:
            raise SourceError("source", self._source, f"cannot be read: {error}") from None

    def left_out(self) -> list[str]:
        """Files that are changed and not committed, where the folder is at the commit itself."""
        try:
            if self._is_bare or self._commit_of("HEAD") != self._commit:
                return []
            index = git(self._path, "rev-parse", "--git-path", "index").decode().strip()
            with self._clean() as (bare, env):
                env |= {"GIT_INDEX_FILE": str((self._path / index).resolve())}
                work_tree = f"--work-tree={self._path.resolve()}"
                told = git(
                    bare, work_tree, "diff-index", "-z", "--name-only", self._commit, env=env
                )
        except GitError:
            return []
        return [name.decode(errors="replace") for name in told.split(b"\0") if name]

    @property
    def _is_bare(self) -> bool:
        return not (self._path / ".git").exists()

    @contextmanager
    def _clean(self) -> Iterator[tuple[Path, dict[str, str]]]:
        """A repository with the same objects and nothing else, and the environment for it."""
        objects = git(self._path, "rev-parse", "--git-path", "objects").decode().strip()
        env = {**NOBODYS, "GIT_OBJECT_DIRECTORY": str((self._path / objects).resolve())}
        with TemporaryDirectory() as bare:
            git(Path(bare), "init", "--quiet", "--bare", "--template=", ".", env=NOBODYS)
            yield Path(bare), env
