"""The files of the project's modules: which there are, and what is written in them."""

import ast
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import PurePosixPath
from posixpath import dirname, join, normpath
from typing import Any

from stack.looking.reading.parsing import parsed
from stack.looking.reading.values import ROOT, UNKNOWN, Value, inside
from stack.source import Source


class Files:
    """The files below `src`, and, relative to that, `beside`, where Python looks too."""

    def __init__(self, source: Source, src: str, *, beside: str = "") -> None:
        self._source = source
        self._src = normpath(src)
        self._beside = beside
        self._trees: dict[str, ast.Module] = {}

    def cwd(self) -> Value:
        """The folder that the project runs in."""
        return Value(ROOT / self._src)

    def exists(self, path: Any) -> bool | None:
        """Whether the source has such a path; None when that is not known."""
        if path is UNKNOWN:
            return None
        within = inside(PurePosixPath(normpath(join(self.cwd().content, str(path)))))
        return None if within is None else self._source.exists(within)

    def place(self, name: str) -> PurePosixPath:
        """Where a module, or the folder of one, would be."""
        path = name.replace(".", "/")
        places = [ROOT / normpath(join(self._src, one, path)) for one in ("", self._beside)]
        return next((one for one in places if self._has(one)), places[0])

    def path(self, name: str) -> str:
        """The file of a module, from the root of the source; empty when there is none."""
        place = inside(self.place(name)) or ""
        return next((path for path in _files(place) if self._source.read(path) is not None), "")

    def tree(self, path: str) -> ast.Module:
        """A file as it is written, by its path in the source. Raises SyntaxError, ValueError."""
        if path not in self._trees:
            self._trees[path] = parsed(self._source.read(path) or b"")
        return self._trees[path]

    def matching(self, pattern: str, path: str) -> list[str]:
        """The files whose paths, beside that of a file, match a pattern."""
        whole = normpath(join(dirname(path), pattern))
        return [one for one in self._paths if fnmatchcase(one, whole)]

    @cached_property
    def _paths(self) -> list[str]:
        return self._source.paths()

    def _has(self, place: PurePosixPath) -> bool:
        path = inside(place) or ""
        return any(map(self._source.exists, (path, *_files(path))))


def _files(place: str) -> tuple[str, str]:
    """Where a module is that is at a place."""
    return f"{place}.py", f"{place}/__init__.py"
