"""Removing a lab by its name alone: works for one that is whole, half made or half gone."""

import contextlib
from pathlib import Path

from tests.lab import cgroup
from tests.lab.mounts import remove_tree, unmount_below
from tests.lab.site import Site

# What nspawn leaves when it is killed.
NSPAWN_RUN = Path("/run/systemd/nspawn")


def remove_all(site: Site) -> None:
    """Remove every process, mount, network device, control group and file of the lab.

    Raises LabError when something resists.
    """
    cgroup.kill(site.group)
    unmount_below(site.folder)
    site.network.down()
    cgroup.remove(site.group)
    for path in NSPAWN_RUN.glob(f"*/{site.group}-*"):
        unmount_below(path)
        with contextlib.suppress(OSError):
            path.rmdir() if path.is_dir() else path.unlink()
    remove_tree(site.folder)
