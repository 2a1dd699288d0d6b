"""Whether this machine can run a lab at all."""

import os
import shutil
import sys

from tests.lab import cgroup
from tests.lab.command import PATH
from tests.lab.errors import LabError

# Each with the Debian package that brings it.
PROGRAMS = {
    "mmdebstrap": "mmdebstrap",
    "systemd-nspawn": "systemd-container",
    "nft": "nftables",
    "ip": "iproute2",
    "ssh": "openssh-client",
    "ssh-keygen": "openssh-client",
    "nsenter": "util-linux",
    "setpriv": "util-linux",
    "unshare": "util-linux",
    "mount": "mount",
    "apt-config": "apt",
}


def check() -> None:
    """Raise LabError, one line, where a lab cannot run."""
    if not sys.platform.startswith("linux"):
        raise LabError(f"the lab needs Linux, and this is {sys.platform}")
    if os.geteuid():
        raise LabError("the lab needs root (it makes namespaces, mounts and a bridge): use sudo")
    missing = sorted({pkg for name, pkg in PROGRAMS.items() if not shutil.which(name, path=PATH)})
    if missing:
        raise LabError(f"the lab needs programs of this machine: apt install {' '.join(missing)}")
    if not cgroup.hierarchies():
        raise LabError("the lab needs control groups, and none are mounted (/sys/fs/cgroup)")
