"""A repository's objects without anybody's configuration."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from stack.source.git import git

# A repository that somebody else has set up can name commands: for what is missing in a partial
# clone, git would fetch with them. Whoever reads fetches nothing.
READING = {"GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1"}
NOBODYS = {
    **READING,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_CONFIG_COUNT": "0",
    "GIT_CONFIG_PARAMETERS": "",
    "GIT_ATTR_NOSYSTEM": "1",
}
SHA256_DIGITS = 64


@contextmanager
def bare(repository: Path, commit: str) -> Iterator[tuple[Path, dict[str, str]]]:
    """A bare repository at a commit, for as long as it is needed.

    It has the objects of `repository`, and none of its configuration, attributes and references.
    Nor does it have those of the person.

    Yields:
        Its folder, and the environment in which git knows nothing else. Raises GitError.
    """
    found = git(repository, "rev-parse", "--git-path", "objects", env=READING)
    objects = repository / os.fsdecode(found.removesuffix(b"\n"))
    with TemporaryDirectory() as folder:
        path = Path(folder)
        for name in ("objects", "refs", "info"):
            (path / name).mkdir()
        (path / "HEAD").write_text(f"{commit}\n")
        (path / "config").write_text(_config(commit))
        yield path, {**NOBODYS, "GIT_OBJECT_DIRECTORY": str(objects.resolve())}


def _config(commit: str) -> str:
    if len(commit) == SHA256_DIGITS:
        return "[core]\n\trepositoryformatversion = 1\n[extensions]\n\tobjectFormat = sha256\n"
    return "[core]\n\trepositoryformatversion = 0\n"
