"""A project's files: where manage.py is, and which modules there are."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from posixpath import basename, dirname, join, normpath, relpath
from typing import Any

from stack.looking.errors import LookingError
from stack.looking.managing import is_djangos, leads_to_djangos, led_to, named_settings
from stack.looking.reading.values import ROOT, inside
from stack.source import Source

ASIDE = re.compile(
    r"(^|/)(tests?|testing|docs?|examples?|node_modules|site-packages|[^/]*templates?|[^/]*{{.*)/"
)
"""Folders whose files are not the project itself, unless there are no others."""


@dataclass(frozen=True)
class Project:
    """A source with a Django project in it."""

    source: Source
    src: str
    others: tuple[str, ...]
    """Other folders that hold a manage.py."""

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """All files below src, relative to it."""
        start = "" if self.src == "." else f"{self.src}/"
        its = (path for path in self.source.paths() if path.startswith(start))
        return tuple(path.removeprefix(start) for path in its)

    def below(self, path: str) -> str | None:
        """A path from the source's root as one relative to src; None when it is not below it."""
        within = relpath(path, self.src)
        return None if within.startswith("..") or within == "." else normpath(within)

    def place(self, content: Any) -> str | None:
        """A path that settings name, from the source's root; None when it is not in the source."""
        if isinstance(content, str | PurePosixPath) and not str(content).startswith("/"):
            content = ROOT / normpath(join(self.src, str(content)))
        return inside(content)

    def text(self, path: str) -> str:
        """The text of a file below src; empty when there is none."""
        content = self.source.read(normpath(f"{self.src}/{path}")) or b""
        return content.decode(errors="replace")

    def files_of(self, name: str) -> list[str]:
        """The files of modules of a name, such as wsgi, the uppermost first."""
        found = (f"{name}.py", f"{name}/__init__.py")
        return _by_depth([path for path in self.paths if f"/{path}".endswith(_below(found))])

    @cached_property
    def beside(self) -> str:
        """Where, relative to src, the settings of manage.py lie, which has Python look there too.

        Empty when they lie in src itself, or nowhere.
        """
        path = named_settings(self.managing).replace(".", "/")
        files = (f"{path}.py", f"{path}/__init__.py")
        if not path or any(file in self.paths for file in files):
            return ""
        found = _by_depth([one for one in self.paths if one.endswith(_below(files))])
        if found:
            return found[0].rpartition(f"/{path}")[0]
        for above in map(str, PurePosixPath(self.src).parents):
            if any(normpath(join(above, file)) in self._all for file in files):
                return relpath(above, self.src)
        return ""

    @cached_property
    def managing(self) -> str:
        """The text of manage.py, or of the module that it hands over to, which has its settings."""
        text = self.text("manage.py")
        if named_settings(text):
            return text
        texts = (self.text(path) for path in led_to(text))
        return next((one for one in texts if named_settings(one)), text)

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset(self.source.paths())

    def file_of(self, module: str) -> str:
        """The file of a module by its dotted name, relative to src; empty when there is none."""
        path = module.replace(".", "/")
        places = (normpath(join(self.src, folder, path)) for folder in ("", self.beside))
        files = (f"{place}{end}" for place in places for end in (".py", "/__init__.py"))
        found = next((file for file in files if file in self._all), "")
        return relpath(found, self.src) if found else ""

    def has_module(self, name: str) -> bool:
        """Whether a dotted name is a module below src."""
        return bool(self.file_of(name))

    def module_of(self, path: str) -> str:
        """The dotted name of a file below src; empty when it cannot be imported."""
        if self.beside.startswith(".."):
            path = relpath(join(self.src, path), join(self.src, self.beside))
        elif self.beside:
            path = path.removeprefix(f"{self.beside}/")
        parts = path.removesuffix(".py").removesuffix("/__init__").split("/")
        return ".".join(parts) if all(part.isidentifier() for part in parts) else ""


def find(source: Source, src: str | None = None) -> Project:
    """The project in a source, or the one in a folder of it. Raises LookingError."""
    there = [path for path in source.paths() if basename(path) == "manage.py"]
    found = [path for path in there if is_djangos(source, path)]
    if not found:
        found = [path for path in there if leads_to_djangos(source, path)]
    if not found:
        text = "there is no manage.py of Django's in it; expected a Django project"
        raise LookingError(f'source = "{source.name}": {text}')
    folders = [dirname(path) or "." for path in _by_depth(found)]
    if src is not None:
        if (wanted := normpath(src)) not in folders:
            text = f"there is no manage.py of Django's in it; expected {' or '.join(folders[:5])}"
            raise LookingError(f'src = "{src}": {text}')
        folders = [wanted, *(one for one in folders if one != wanted)]
    return Project(source, folders[0], tuple(folders[1:]))


def _below(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(f"/{name}" for name in names)


def _by_depth(paths: list[str]) -> list[str]:
    return sorted(paths, key=lambda path: (bool(ASIDE.search(path)), path.count("/"), path))
