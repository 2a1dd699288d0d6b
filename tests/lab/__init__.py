"""The lab: real Debian hosts on one Linux machine, for the tests and for the demo.

A host is an overlay on a cached root file system, in a network namespace of its own, booted by
systemd-nspawn: real systemd, real sshd. ``python -m tests.lab --help`` shows the same from a shell.
"""

from tests.lab.errors import LabError
from tests.lab.host import Host
from tests.lab.lab import Lab
from tests.lab.recipe import ADMIN_PASSWORD, BARE_PACKAGES, READY_PACKAGES

__all__ = ["ADMIN_PASSWORD", "BARE_PACKAGES", "READY_PACKAGES", "Host", "Lab", "LabError"]
