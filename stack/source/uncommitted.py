"""What is not in the commit that a folder is at, and so is not deployed."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from stack.host.printable import printable
from stack.source.git import git
from stack.source.lfs import LONGEST_POINTER, pointer_in
from stack.source.nobodys import READING, bare

REGULAR_FILES = (b"100644", b"100755")
REFRESH = ("update-index", "-q", "--unmerged", "--ignore-submodules", "--refresh")
"""Comparing goes by times and inodes that the index has: those of a copied folder are others."""
COMPARE = ("diff-index", "-z", "--name-only", "--ignore-submodules=dirty")
"""Which commit a submodule is at is asked; what is changed in it would be by its configuration."""
NEW = ("ls-files", "-z", "--others", "--exclude-standard", "--directory", "--no-empty-directory")


def uncommitted(
    repository: Path, commit: str, entries: Mapping[str, tuple[bytes, str]]
) -> list[str]:
    """Files that are changed or new, for a person. Raises GitError.

    Of a folder that is new as a whole, that alone. What git ignores is not meant to be there.

    Args:
        commit: the one that the folder is at.
        entries: mode and object of what that has, by paths.
    """
    with bare(repository, commit) as (folder, env):
        env |= {"GIT_INDEX_FILE": str(_copied_index(repository, folder))}
        words = (f"--git-dir={folder}", f"--work-tree={repository.resolve()}")
        git(repository, *words, *REFRESH, env=env)
        changed = git(repository, *words, *COMPARE, commit, env=env)
        new = git(repository, *words, *NEW, *_ignored(repository), env=env)
    names = [name for name in _names(changed) if _differs(repository, name, entries.get(name))]
    whole = (os.fsencode(name).decode(errors="replace") for name in names + _names(new))
    return [printable(name) for name in whole]


def _copied_index(repository: Path, folder: Path) -> Path:
    """The index, to be written to; its time stays, by which git knows which entries to doubt."""
    index = _path_in_git(repository, "index")
    if not index.is_file():
        return index
    for shared in index.parent.glob("sharedindex.*"):
        shutil.copy2(shared, folder)
    return Path(shutil.copy2(index, folder / "index"))


def _path_in_git(repository: Path, name: str) -> Path:
    found = git(repository, "rev-parse", "--git-path", name, env=READING)
    return (repository / os.fsdecode(found.removesuffix(b"\n"))).resolve()


def _ignored(repository: Path) -> list[str]:
    """Options with the person's own lists of what git ignores, which bare() leaves out."""
    config = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    lists = (_path_in_git(repository, "info/exclude"), config / "git" / "ignore")
    return [f"--exclude-from={path}" for path in lists if path.is_file()]


def _differs(repository: Path, name: str, entry: tuple[bytes, str] | None) -> bool:
    """Whether a file that is not as in the commit is neither what git LFS puts there."""
    if entry is None or entry[0] not in REGULAR_FILES:
        return True
    words, enough = ("cat-file", "blob", entry[1]), LONGEST_POINTER + 1
    pointer = pointer_in(git(repository, *words, env=READING, enough=enough))
    return pointer is None or pointer.content_of(repository / name) is None


def _names(listed: bytes) -> list[str]:
    return [name.decode(errors="surrogateescape") for name in listed.split(b"\0") if name]
