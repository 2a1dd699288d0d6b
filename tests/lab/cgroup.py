"""Control groups: a host of its own in every hierarchy that this machine has mounted.

Without them all hosts share one tree, and one host's systemd kills what runs in another.
"""

import contextlib
import os
import signal
from functools import partial
from pathlib import Path

from tests.lab.errors import LabError
from tests.lab.mounts import mounts
from tests.lab.process import Process
from tests.lab.waiting import wait_until

KILL_SECONDS = 60.0


def hierarchies() -> list[Path]:
    """Where control group hierarchies, of version 1 and 2, are mounted: each one once."""
    found: dict[int, Path] = {}
    for mount in mounts():
        if mount.kind in ("cgroup", "cgroup2"):
            found.setdefault(mount.target.stat().st_dev, mount.target)
    return list(found.values())


def make(group: str) -> list[Path]:
    """Make `group` (a relative path) in every hierarchy; return the folders. Raises LabError."""
    folders = []
    for top in hierarchies():
        folder = top
        for part in Path(group).parts:
            folder = folder / part
            try:
                folder.mkdir(exist_ok=True)
                _inherit_cpuset(folder)
            except OSError as error:
                raise LabError(f"{folder}: {error.strerror}") from error
        folders.append(folder)
    return folders


def _inherit_cpuset(folder: Path) -> None:
    # A new cpuset of version 1 is empty, and no process may enter it before it is filled.
    for name in ("cpuset.cpus", "cpuset.mems"):
        file = folder / name
        if file.exists() and not file.read_text().strip():
            with contextlib.suppress(PermissionError):
                file.write_text((folder.parent / name).read_text())


def limit_memory(group: str, size: int) -> None:
    """Let `group` have no more than so many bytes, or as many as there are for -1."""
    for top in hierarchies():
        for name in ("memory.limit_in_bytes", "memory.max"):
            file = top / group / name
            if file.exists():
                file.write_text("max" if size < 0 and name == "memory.max" else str(size))


def members(group: str) -> list[Process]:
    """Every process in `group` and below."""
    pids = set()
    for top in hierarchies():
        # Not glob: a host's systemd removes groups meanwhile, and that ends glob with an error.
        for folder, _, _ in os.walk(top / group):
            with contextlib.suppress(OSError):
                pids.update(Path(folder, "cgroup.procs").read_text().split())
    return [process for pid in pids if (process := Process.of(int(pid)))]


def kill(group: str) -> None:
    """Kill all of `group`, which only the lab fills. Raises LabError when something survives."""

    def is_empty() -> bool:
        left = members(group)
        for process in left:
            process.send(signal.SIGKILL)
        return not left

    if not wait_until(is_empty, KILL_SECONDS):
        raise LabError(f"processes of {group} survive a kill for {KILL_SECONDS:g} s")


def remove(group: str) -> None:
    """Remove the empty `group`, with what is below, from every hierarchy."""
    for top in hierarchies():
        folder = top / group
        # A group stays busy for a moment after its last process is gone.
        wait_until(partial(_remove_tree, folder), KILL_SECONDS)


def _remove_tree(folder: Path) -> bool:
    for path, _, _ in os.walk(folder, topdown=False):
        try:
            Path(path).rmdir()
        except FileNotFoundError:
            pass
        except OSError:
            return False
    return True
