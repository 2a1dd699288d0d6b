"""A plain folder, as it is now."""

import os
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from stack.source.errors import SourceError
from stack.source.extent import MOST_READ, Extent
from stack.source.source import Source
from stack.source.spool import PART_BYTES, Spool, spooled

SKIPPED = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".venv",
        ".tox",
        ".nox",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        ".hypothesis",
        ".DS_Store",
        "__pycache__",
        "node_modules",
    }
)


class Folder(Source):
    """The files below a folder, without what tools leave in it. Raises SourceError."""

    def __init__(self, path: Path, source: str) -> None:
        super().__init__(source)
        self._root = path.resolve()
        try:
            self._content = spooled(self._pack)
        except OSError as error:
            reason = f"{error.filename} cannot be read: {error.strerror}"
            raise SourceError("source", source, reason) from None
        self.version = self._content.sha256[:12]

    def paths(self) -> list[str]:
        """The paths of all files and symbolic links, without what tools leave."""
        return sorted(self._files())

    def _pack(self, file: BinaryIO) -> None:
        with tarfile.TarFile(
            fileobj=file, mode="w", format=tarfile.PAX_FORMAT, copybufsize=PART_BYTES
        ) as tar:
            for name in sorted(self._files(), key=os.fsencode):
                _add(tar, self._root / name, name)

    def _files(self) -> Iterator[str]:
        def refuse(error: OSError) -> None:
            raise error

        extent = Extent(self.name)
        for folder, folders, files in os.walk(self._root, onerror=refuse):
            here = Path(folder)
            extent.add(len(os.fsencode(folder)))
            links = [name for name in folders if (here / name).is_symlink()]
            folders[:] = [n for n in folders if n not in links and not _is_skipped(here / n)]
            for name in [*files, *links]:
                path = here / name
                if not _is_skipped(path):
                    extent.add(len(os.fsencode(path)))
                    yield str(path.relative_to(self._root))

    def _exists(self, path: str) -> bool:
        return self._found(path) is not None

    def _read(self, path: str) -> bytes | None:
        found = self._found(path)
        if not found or not found.is_file():
            return None
        with found.open("rb") as file:
            return file.read(MOST_READ + 1)

    def _found(self, path: str) -> Path | None:
        """The file or folder itself, unless it is missing on the hosts."""
        found = (self._root / path).resolve()
        if not found.exists() or not found.is_relative_to(self._root):
            return None
        ways = [found, *found.parents]
        return None if any(map(_is_skipped, ways[: ways.index(self._root)])) else found

    def _tar(self) -> Spool:
        return self._content


def _is_skipped(path: Path) -> bool:
    # A virtualenv is bound to its machine, whatever its name.
    return path.name in SKIPPED or path.suffix == ".pyc" or (path / "pyvenv.cfg").exists()


def _add(tar: tarfile.TarFile, path: Path, name: str) -> None:
    info = tarfile.TarInfo(name)
    if path.is_symlink():
        info.type, info.linkname, info.mode = tarfile.SYMTYPE, str(path.readlink()), 0o777
        tar.addfile(info)
    elif path.is_file():
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            info.size, info.mode = status.st_size, 0o755 if status.st_mode & 0o100 else 0o644
            try:
                tar.addfile(info, file)
            except OSError as error:
                # While it is read, no error names it.
                raise OSError(error.errno, error.strerror or f"{error}", str(path)) from None
