"""What is mounted on this machine, and overlays."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.lab.command import run
from tests.lab.errors import LabError
from tests.lab.waiting import wait_until

UNMOUNT_SECONDS = 5.0
REMOVE_SECONDS = 5.0


@dataclass(frozen=True)
class Mount:
    """One line of mountinfo: where it is, and the type of its file system."""

    target: Path
    kind: str


def mounts() -> list[Mount]:
    """Everything that is mounted, in the order of mounting."""
    found = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        left, _, right = line.partition(" - ")
        found.append(Mount(Path(_unescape(left.split()[4])), right.split()[0]))
    return found


def _unescape(text: str) -> str:
    for code, character in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        text = text.replace(code, character)
    return text


def mount_overlay(lower: Sequence[Path], upper: Path, work: Path, root: Path) -> None:
    """Mount on `root` an overlay that writes to `upper`; `lower` is ordered bottom first.

    Raises LabError.
    """
    # An old work folder refuses to be mounted again once it was mounted as volatile.
    remove_tree(work)
    for folder in (upper, work, root):
        folder.mkdir(parents=True, exist_ok=True)
    layers = ":".join(str(path) for path in reversed(lower))
    # volatile: a sync costs nothing. What a host loses by it, only a crash of this machine takes.
    options = f"volatile,lowerdir={layers},upperdir={upper},workdir={work}"
    run(["mount", "-t", "overlay", "lab", "-o", options, str(root)])


def unmount_below(folder: Path) -> None:
    """Unmount all that is mounted on `folder` or below it, the latest first. Raises LabError."""
    for mount in reversed(mounts()):
        if mount.target.is_relative_to(folder):
            _unmount(mount.target)


def _unmount(target: Path) -> None:
    def is_done() -> bool:
        unmounted = run(["umount", str(target)], check=False).returncode == 0
        # What went by itself since it was listed cannot be unmounted, and need not be.
        return unmounted or all(mount.target != target for mount in mounts())

    # Busy for a moment after the last process inside was killed.
    if not wait_until(is_done, UNMOUNT_SECONDS):
        run(["umount", "--lazy", str(target)])


def remove_tree(folder: Path) -> None:
    """Delete `folder` with all below; one that is gone already is fine.

    Raises LabError, with nothing deleted, when something is still mounted in it.
    """
    if any(mount.target.is_relative_to(folder) for mount in mounts()):
        raise LabError(f"{folder}: not deleted, something is mounted in it")
    argv = ["rm", "-rf", "--one-file-system", str(folder)]
    # What was killed a moment ago may have made one file more.
    if not wait_until(lambda: run(argv, check=False, timeout=300).returncode == 0, REMOVE_SECONDS):
        run(argv, timeout=300)
