"""Security updates that install themselves."""

from collections.abc import Iterator

from pyinfra.api import StringCommand

from stack.commands.system import install as install_packages
from stack.commands.timers import START
from stack.shell.scripts import as_root, script
from stack.state.updates import PACKAGE

LEAVE_OFF = script(__file__, "leave_updates_off.sh")


def install() -> Iterator[StringCommand]:
    """Install what installs updates, without Debian's own file that turns it on."""
    yield as_root(LEAVE_OFF, PACKAGE)
    yield install_packages([PACKAGE], held=[])


def run(timer: str) -> StringCommand:
    """Have one of apt's timers run."""
    return as_root(START, timer)
