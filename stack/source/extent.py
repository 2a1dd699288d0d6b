"""How much a source may have: in git, a few kilobytes stand for more than any machine holds."""

from stack.source.errors import SourceError

MOST_ENTRIES = 500_000
"""Files and folders: the largest public repositories have some 400,000."""
MOST_BYTES = 128 << 20
"""Of all their paths together."""
MOST_OF_A_PATH = 4096
"""Bytes, as Linux has it."""
MOST_SUBMODULES = 1000
MOST_READ = 16 << 20
"""Bytes of a file that is read whole, such as requirements or a module."""


class Extent:
    """What has been counted of a source, submodules included, however deep they are."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._entries = 0
        self._bytes = 0
        self._submodules = 0

    def add(self, length: int) -> None:
        """Count a file or a folder. Raises SourceError when it is one too many.

        Args:
            length: of its path, in bytes.
        """
        if length > MOST_OF_A_PATH:
            raise self._refused(f"{MOST_OF_A_PATH:,} bytes in a path, which no server takes")
        self._entries += 1
        self._bytes += length
        if self._entries > MOST_ENTRIES:
            raise self._refused(f"{MOST_ENTRIES:,} files and folders")
        if self._bytes > MOST_BYTES:
            raise self._refused(f"{MOST_BYTES >> 20} MB of paths")

    def add_submodule(self) -> None:
        """Count one. Raises SourceError when it is one too many."""
        self._submodules += 1
        if self._submodules > MOST_SUBMODULES:
            raise self._refused(f"{MOST_SUBMODULES:,} submodules")

    def _refused(self, most: str) -> SourceError:
        how = "set source to a repository or folder that has the project alone"
        return SourceError("source", self._source, f"has more than {most}; {how}")
