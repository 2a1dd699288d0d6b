"""A git repository at one commit."""

import os
from functools import cached_property
from pathlib import Path, PurePosixPath

from stack.source import lfs_fetching
from stack.source.errors import GitError, SourceError
from stack.source.extent import MOST_READ, Extent
from stack.source.git import git
from stack.source.git_archive import STREAMED, archived
from stack.source.lfs import Pointer, pointer_in
from stack.source.listing import FOLDER, LINK, SYMBOLIC_LINK, listed
from stack.source.nobodys import READING
from stack.source.revisions import commit_named, commit_of
from stack.source.source import Source
from stack.source.spool import Spool
from stack.source.submodules import Submodule, repository_of, submodules
from stack.source.tar import joined
from stack.source.uncommitted import uncommitted

ATTRIBUTES = ".gitattributes"
WHOLE = "expected a whole repository; a clone made with --filter lacks files"


def is_repository(path: Path) -> bool:
    """Whether a folder is the top of a git repository, a worktree of one, or a bare one."""
    bare = (path / "HEAD").is_file() and all((path / d).is_dir() for d in ("objects", "refs"))
    return bare or (path / ".git").exists()


class Repository(Source):
    """The commit that a revision names in a local repository.

    Raises SourceError when there is no such commit.
    """

    def __init__(
        self, path: Path, revision: str, source: str, at: str = "", extent: Extent | None = None
    ) -> None:
        """Of a submodule, `at` is its path with a slash, and `extent` what it is a part of."""
        super().__init__(source)
        self._at = at
        self._extent = extent or Extent(source)
        self._path = path
        self._source = source
        self._commit = commit_named(path, revision, source)
        self.version = self._commit[:12]

    def paths(self) -> list[str]:
        """The paths of all files and symbolic links of the commit."""
        own = [path for path, (mode, _) in self._entries.items() if mode not in (FOLDER, LINK)]
        below = [f"{at}/{path}" for at, its in self._submodules.items() for path in its.paths()]
        return sorted([*own, *below])

    @cached_property
    def _entries(self) -> dict[str, tuple[bytes, str]]:
        """Mode and object of all that the commit has, folders included."""
        try:
            found = listed(self._path, self._commit, self._at, self._extent)
            return {path: (mode, object_) for path, mode, object_ in found}
        except GitError as error:
            raise self._unreadable(error) from None

    @cached_property
    def _submodules(self) -> dict[str, "Repository"]:
        """Those of the commit, by their paths. Raises SourceError."""
        links = {path: its for path, (mode, its) in self._entries.items() if mode == LINK}
        if not links:
            return {}
        try:
            found = submodules(self._path, links, self.read(".gitmodules") or b"")
        except GitError as error:
            raise self._unreadable(error) from None
        return {its.path: self._submodule(its) for its in found}

    def _submodule(self, its: Submodule) -> "Repository":
        self._extent.add_submodule()
        path, source = repository_of(its, self._path, self._source)
        at = f"{self._at}{its.path}/"
        return Repository(path, its.commit, source, at, self._extent)

    def _below(self, path: str) -> tuple["Repository", str] | None:
        """The submodule that a path leads into, and the rest of the path."""
        for folder in PurePosixPath(path).parents:
            mode, _ = self._entries.get(str(folder), (b"", ""))
            if mode == LINK:
                return self._submodules[str(folder)], str(PurePosixPath(path).relative_to(folder))
        return None

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
        answer = git(self._path, *check, stdin=asked, env=READING)
        found = answer.decode(errors="replace").split()
        return found[0] if found[1] in ("blob", "tree") else None

    def _exists(self, path: str) -> bool:
        if below := self._below(path):
            return below[0].exists(below[1])
        return path == "." or self._object(path) is not None

    def _read(self, path: str) -> bytes | None:
        if below := self._below(path):
            return below[0].read(below[1])
        object_ = self._object(path)
        if object_ is None or object_ in self._folders:
            return None
        try:
            words, enough = (*STREAMED, "cat-file", "blob", object_), MOST_READ + 1
            content = git(self._path, *words, env=READING, enough=enough)
        except GitError as error:
            raise self._unreadable(error) from None
        pointer = pointer_in(content)
        found = pointer and self._kept_elsewhere(pointer)
        return found.read(0, MOST_READ + 1) if found else content

    @cached_property
    def _folders(self) -> set[str]:
        return {object_ for mode, object_ in self._entries.values() if mode in (FOLDER, LINK)}

    def _tar(self) -> Spool:
        return self._packed("")

    def _packed(self, prefix: str) -> Spool:
        """The archive, below a folder, with what is below submodules."""
        try:
            found = self._entries.items()
            attributes = [one for path, (_, one) in found if path.split("/")[-1] == ATTRIBUTES]
            own = archived(self._path, self._commit, prefix, attributes)
        except GitError as error:
            raise self._unreadable(error) from None
        below = [
            its._whole(its._packed(f"{prefix}{path}/")) for path, its in self._submodules.items()
        ]
        return joined([own, *below]) if below else own

    def _unreadable(self, error: GitError) -> SourceError:
        why = f"{error}" if error.was_ended else f"{error}; {WHOLE}"
        return SourceError("source", self._source, f"cannot be read: {why}")

    @cached_property
    def _lfs(self) -> list[Path]:
        """Folders in which git LFS keeps files: the repository's own, and ours."""
        found = git(self._path, "rev-parse", "--git-common-dir", env=READING)
        own = self._path / os.fsdecode(found.removesuffix(b"\n")) / "lfs"
        return [folder / "objects" for folder in (own, lfs_fetching.store())]

    def _kept_elsewhere(self, pointer: Pointer) -> Spool | None:
        return pointer.content(self._lfs)

    def _fetch(self) -> str:
        try:
            lfs_fetching.fetch(self._path, self._commit, self._source)
        except (GitError, OSError) as error:
            why = f"they cannot be fetched: {error}"
        else:
            why = "git lfs fetch does not bring them"
        return f"{why}; run git lfs fetch origin {self._commit[:12]} in a clone that is source"

    def left_out(self) -> list[str]:
        """What is changed or new, where the folder is at the commit itself."""
        try:
            if self._is_bare or commit_of(self._path, "HEAD") != self._commit:
                return []
            return uncommitted(self._path, self._commit, self._entries)
        except GitError:
            return []

    @property
    def _is_bare(self) -> bool:
        return not (self._path / ".git").exists()
