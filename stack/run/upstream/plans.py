"""What planning costs the controller, and what a plan has found."""

import sys
from collections.abc import Iterator
from copy import copy
from functools import cache
from importlib import import_module
from types import FrameType
from typing import Any

import pyinfra
from pyinfra.api import State, arguments
from pyinfra.api.host import Host, HostData
from pyinfra.api.operation import OperationMeta
from pyinfra.api.state import StateOperationMeta
from pyinfra.api.util import PYINFRA_INSTALL_DIR


def make_plans_cheap() -> None:
    """Have pyinfra leave out what nobody needs of its bookkeeping.

    Most of what a plan costs the controller is spent there: for each operation of each host pyinfra
    looks for the source of every frame of the stack, evaluates the same annotations, and words an
    error for each of its arguments that the host's data does not have. Upstream needs to look at
    line numbers only, to evaluate them once, and to ask whether a name is there.
    """
    # pyinfra.api has a function of the module's name.
    operation = vars(import_module("pyinfra.api.operation"))
    operation["get_operation_order_from_stack"] = place_in_the_code
    arguments.all_global_arguments = cache(arguments.all_global_arguments)
    HostData.__getattr__ = value_of  # type: ignore[method-assign]


class _NoValueError(AttributeError):
    """What a host's data lacks: told as pyinfra does, but only when somebody reads it.

    For each operation of each host pyinfra asks the data for each of its own arguments, of which
    hardly any is there; to write a sentence about each takes longer than to look for it.
    """

    def __str__(self) -> str:
        host, key = self.args
        return f"Host `{host}` has no data `{key}`"


def value_of(data: HostData, key: str) -> Any:
    """What a host's data has under a name. Raises AttributeError where it has nothing."""
    for its in data.datas:
        found = its() if callable(its) else its
        if key in found:
            # A copy, as pyinfra gives: what is done to it does not change the data.
            return copy(found[key])
    raise _NoValueError(data.host, key)


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


def operations_of(one: Host, state: State) -> Iterator[tuple[StateOperationMeta, OperationMeta]]:
    """A host's operations in their order: what each is on all hosts, and how it is doing on this.

    Upstream needs a name for it.
    """
    for op_hash in one.op_hash_order:
        yield state.op_meta[op_hash], state.ops[one][op_hash].operation_meta


def is_planned_to_change(meta: OperationMeta) -> bool:
    """Whether the plan has found that an operation would change its host.

    `will_change` runs the operation anew where the plan does not say; upstream needs a name for
    what it has found.
    """
    return bool(meta._maybe_is_change)


def private_names() -> Iterator[tuple[object, str]]:
    """What is touched here, by what has it."""
    yield import_module("pyinfra.api.operation"), "get_operation_order_from_stack"
    yield arguments, "all_global_arguments"
    yield HostData, "__getattr__"
    yield OperationMeta, "_maybe_is_change"
    yield pyinfra.host, "op_hash_order"
    yield pyinfra.state, "op_meta"
    yield pyinfra.state, "ops"
