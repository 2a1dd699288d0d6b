"""Security updates that install themselves."""

from collections.abc import Iterator, Sequence

from pyinfra.api import StringCommand

from stack.commands import files
from stack.commands.lock import where_nobody_asks
from stack.commands.system import install as install_packages
from stack.commands.timers import START
from stack.project.layout import Layout
from stack.shell.scripts import as_root, script
from stack.state.updates import PACKAGE

LEAVE_OFF = script(__file__, "leave_updates_off.sh")


def install() -> Iterator[StringCommand]:
    """Install what installs updates, without Debian's own file that turns it on."""
    yield as_root(LEAVE_OFF, PACKAGE)
    yield install_packages([PACKAGE], held=[])


def remove(layout: Layout, paths: Sequence[str]) -> StringCommand:
    """Have none of these files of ours, unless another project asks for them."""
    return where_nobody_asks('"automatic_updates": true', layout, files.remove(paths))


def run(timer: str) -> StringCommand:
    """Have one of apt's timers run."""
    return as_root(START, timer)
