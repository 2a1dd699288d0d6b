"""What pyinfra works out anew for each operation of each host, at a fraction of the cost."""

import sys
from functools import cache
from importlib import import_module
from types import FrameType

from pyinfra.api import State, arguments
from pyinfra.api.util import PYINFRA_INSTALL_DIR


def make_cheap() -> None:
    """Have pyinfra leave out what nobody needs of it.

    Most of what a plan costs the controller is spent there: pyinfra looks for the source of each
    frame of the stack, and evaluates the same annotations every time.
    """
    # pyinfra.api has a function of the module's name.
    operation = vars(import_module("pyinfra.api.operation"))
    operation["get_operation_order_from_stack"] = place_in_the_code
    arguments.all_global_arguments = cache(arguments.all_global_arguments)


def place_in_the_code(state: State) -> list[int]:
    """The numbers of the lines that lead from the deploy file to an operation.

    By these pyinfra knows which operations of several hosts are one, and their order.
    """
    lines: list[tuple[str, int]] = []
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        lines.insert(0, (frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    files = [file for file, _ in lines]
    deploy = state.current_deploy_filename  # None where the command line has the operation
    start = files.index(deploy) if deploy in files else 0
    own = [number for file, number in lines[start:] if not file.startswith(PYINFRA_INSTALL_DIR)]
    return [state.current_op_file_number, *own]
