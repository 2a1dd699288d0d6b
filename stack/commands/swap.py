"""The swap file."""

from pyinfra.api import StringCommand

from stack.commands.lock import where_nobody_asks
from stack.project.host_wide import SWAP_FILE, SWAP_UNIT
from stack.project.layout import Layout
from stack.shell.scripts import as_root, script

MAKE = script(__file__, "make_swap.sh", "swap_off.sh")
REMOVE = script(__file__, "remove_swap.sh", "swap_off.sh")


def make(size: int) -> StringCommand:
    """Have the host swap to a file of so many bytes; its unit is in place."""
    return as_root(MAKE, SWAP_FILE, str(size), SWAP_UNIT)


def remove(layout: Layout) -> StringCommand:
    """Have the host swap to it no more, and it gone, unless another project asks for one."""
    removing = as_root(REMOVE, SWAP_FILE, SWAP_UNIT)
    return where_nobody_asks('"swap": "[^"]', layout, removing)
