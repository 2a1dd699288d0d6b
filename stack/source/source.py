"""What is known of a source, whatever it comes from."""

import threading
from abc import ABC, abstractmethod
from posixpath import normpath

from stack.source.errors import SourceError, TooLargeError
from stack.source.extent import MOST_READ
from stack.source.lfs import Pointer, filled, named
from stack.source.spool import Spool, gzipped


class Source(ABC):
    """A project at one revision. Paths are relative to its root, with / between the parts.

    `version` is 12 hexadecimal digits that stand for the content; `name` is the setting's value.
    """

    version: str

    def __init__(self, name: str) -> None:
        self.name = name
        self._archive: Spool | None = None
        self._compressed: Spool | None = None
        self._making = threading.RLock()

    def exists(self, path: str) -> bool:
        """Whether there is a file or a folder; False for a path that leads outside."""
        return _inside(path) and self._exists(normpath(path))

    def read(self, path: str) -> bytes | None:
        """The content of a file, symbolic links followed; None where there is none.

        Raises:
            TooLargeError: it is not to be read whole.
            SourceError: it cannot be read.
        """
        content = self._read(normpath(path)) if _inside(path) else None
        if content is not None and len(content) > MOST_READ:
            what = f"{normpath(path)} has more than {MOST_READ >> 20} MB, and is to be read whole"
            raise TooLargeError("source", self.name, f"{what}; make it smaller")
        return content

    def archive(self) -> Spool:
        """The whole as .tar: the same bytes on every call. Raises SourceError."""
        with self._making:
            if self._archive is None:
                self._archive = self._whole(self._tar())
            return self._archive

    def compressed(self) -> Spool:
        """The same as .tar.gz. Raises SourceError."""
        with self._making:
            if self._compressed is None:
                self._compressed = gzipped(self.archive().parts())
            return self._compressed

    def _whole(self, tar: Spool) -> Spool:
        """The archive with what git LFS keeps elsewhere. Visitors would get the pointers to it."""
        whole, missing = filled(tar, self._kept_elsewhere)
        if not missing:
            return whole
        why = self._fetch()
        whole, missing = filled(tar, self._kept_elsewhere)
        if missing:
            what = f"has pointers of git LFS in place of files ({named(missing)})"
            raise SourceError("source", self.name, f"{what}; {why}")
        return whole

    def left_out(self) -> list[str]:
        """Paths that differ in the folder on this machine from what is deployed."""
        return []

    def _kept_elsewhere(self, pointer: Pointer) -> Spool | None:
        """The content of a file that git LFS keeps; None when it is not here."""
        return None

    def _fetch(self) -> str:
        """Fetch all such files, where that is possible; else what a person can do about it."""
        return (
            "expected the files themselves: make source a folder in which git lfs pull was run, "
            "without its .git"
        )

    @abstractmethod
    def paths(self) -> list[str]:
        """The paths of all files and symbolic links."""

    @abstractmethod
    def _exists(self, path: str) -> bool: ...

    @abstractmethod
    def _read(self, path: str) -> bytes | None:
        """The content, of which more than MOST_READ need not be had."""

    @abstractmethod
    def _tar(self) -> Spool: ...


def _inside(path: str) -> bool:
    return not path.startswith("/") and normpath(path).split("/")[0] != ".."
