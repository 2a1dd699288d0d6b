"""A source with what a release has besides it."""

from collections.abc import Mapping
from posixpath import join, normpath

from pydantic import SecretStr

from stack.source.source import Source
from stack.source.spool import Spool


class Completed(Source):
    """A source as its release will be: what is asked of it counts the setting `files` in.

    The archive is the source's own; those files reach hosts by themselves, as secrets.
    """

    def __init__(self, source: Source, src: str, files: Mapping[str, SecretStr]) -> None:
        super().__init__(source.name)
        self.version = source.version
        self._source = source
        self._files = {normpath(join(src, path)): text for path, text in files.items()}

    def archive(self) -> Spool:
        """The source's own."""
        return self._source.archive()

    def compressed(self) -> Spool:
        """The source's own."""
        return self._source.compressed()

    def paths(self) -> list[str]:
        """The source's own, and those of the files."""
        return sorted({*self._source.paths(), *self._files})

    def left_out(self) -> list[str]:
        """The source's own."""
        return self._source.left_out()

    def _exists(self, path: str) -> bool:
        return path in self._files or self._source.exists(path)

    def _read(self, path: str) -> bytes | None:
        text = self._files.get(path)
        return self._source.read(path) if text is None else text.get_secret_value().encode()

    def _tar(self) -> Spool:
        raise NotImplementedError  # archive() never asks for it
