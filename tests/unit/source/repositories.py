"""Git as tests have it, and what is asked of a source."""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from stack.source import Source, SourceError
from stack.source.lfs import POINTER
from stack.source.resolving import resolve_anew as resolve

Git = Callable[..., str]


def run_git(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def with_its_own_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have git know nothing of the person who runs the tests."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Someone")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "someone@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


def copied(made: Path, folder: Path) -> Path:
    """Copy repositories, as if they had been made in the folder; the one called project."""
    for path in made.iterdir():
        copy = shutil.copytree(
            path, folder / path.name, symlinks=True, ignore=shutil.ignore_patterns("*.sample")
        )
        for config in (copy / ".git").rglob("config"):
            config.write_text(config.read_text().replace(str(made), str(folder)))
        # It knows its files by their inodes too.
        run_git("update-index", "-q", "--refresh", cwd=copy)
    return folder / "project"


def members(source: Source) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=source.archive().reader(), mode="r:") as tar:
        return {member.name: member for member in tar}


def refusal(source: object, revision: str = "HEAD") -> str:
    with pytest.raises(SourceError) as caught:
        resolve(str(source), revision)
    message = str(caught.value)
    assert "\n" not in message
    return message


FILM = bytes(range(256)) * 9


def pointer(content: bytes) -> bytes:
    oid = hashlib.sha256(content).hexdigest()
    return POINTER + f"oid sha256:{oid}\nsize {len(content)}\n".encode()


def keep(repository: Path, content: bytes, instead: bytes | None = None) -> Path:
    """Put a file where git LFS keeps it, by its content."""
    oid = hashlib.sha256(content).hexdigest()
    path = repository / "lfs/objects" / oid[:2] / oid[2:4] / oid
    path.parent.mkdir(parents=True)
    path.write_bytes(content if instead is None else instead)
    return path


def content_of(source: Source) -> dict[str, bytes]:
    """All files, as tar itself finds them."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tar", "x", "-C", folder], input=source.archive().read(), check=True)
        paths = (path for path in Path(folder).rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def written(repository: Path, *words: str, content: bytes) -> str:
    """What git makes of a content: the name of an object."""
    run = ["git", *words]
    done = subprocess.run(run, cwd=repository, input=content, check=True, capture_output=True)
    return done.stdout.decode().strip()


def commit_tree(repository: Path, tree: str) -> None:
    commit = run_git("commit-tree", tree, "-m", "made", cwd=repository)
    run_git("update-ref", "HEAD", commit, cwd=repository)


def bomb(repository: Path, levels: int, content: bytes = b"") -> None:
    """Commit a folder of ten folders, which are one and the same, as deep as that.

    Args:
        content: what is in the one file that all 10**levels files are.
    """
    kind = f"100644 blob {written(repository, 'hash-object', '-w', '--stdin', content=content)}"
    for _ in range(levels):
        listing = "".join(f"{kind}\t{number}\n" for number in range(10))
        kind = f"040000 tree {written(repository, 'mktree', content=listing.encode())}"
    commit_tree(repository, kind.split()[-1])
