"""What is used of pyinfra, paramiko and gevent beyond their public interfaces.

All of it stands here, each with what it is for and what upstream would need in its place: a new
version of theirs is checked against this file, and tests/unit/test_upstream.py says what is gone.
"""

import sys
from collections.abc import Callable, Iterator
from copy import copy
from functools import cache
from importlib import import_module
from types import FrameType
from typing import IO, Any

from gevent import get_hub
from paramiko import ChannelFile, SSHConfig, SSHConfigDict
from pyinfra import logger
from pyinfra.api import State, arguments
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import HostData
from pyinfra.api.operation import OperationMeta
from pyinfra.api.state import StateOperationMeta
from pyinfra.api.util import PYINFRA_INSTALL_DIR
from pyinfra.connectors import util
from pyinfra.connectors.ssh import connector_data_meta
from pyinfra.connectors.sshuserclient.client import SSHClient

LookUp = Callable[[str], SSHConfigDict]
"""What paramiko finds in ssh_config for a name."""


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


def is_planned_to_change(meta: OperationMeta) -> bool:
    """Whether the plan has found that an operation would change its host.

    `will_change` runs the operation anew where the plan does not say; upstream needs a name for
    what it has found.
    """
    return bool(meta._maybe_is_change)


def tell_names_in_one_order() -> None:
    """Have an operation told by every name that it has: hosts may give it different ones.

    pyinfra tells one of them, and which one is chance. Upstream needs to tell all.
    """
    _prints().pretty_op_name = name_of


def name_of(meta: StateOperationMeta) -> str:
    """What an operation is called on all hosts that have it, and a nameless one its arguments."""
    words = f" ({', '.join(str(arg) for arg in meta.args)})" if meta.args else ""
    return " / ".join(sorted(meta.names)) + words


def _prints() -> Any:
    # Imported late, as below.
    from pyinfra_cli import prints

    return prints


def set_default_of_ssh(name: str, value: object) -> None:
    """The default of an `ssh_…` setting of pyinfra's, which a host's own data still wins over.

    Upstream needs a setting in config.py for each.
    """
    connector_data_meta[name].default = value


def tell_errors_in_a_line(told_elsewhere: type[Exception]) -> None:
    """Have pyinfra's own errors told in a line each, without a traceback or a place in our code.

    pyinfra connects and plans in greenlets, and gevent prints a traceback of each that fails: of a
    key file that is not there, say. Upstream needs to catch its own errors where it spawns.

    Args:
        told_elsewhere: those that pyinfra tells at the end of the run.
    """
    error_of_a_file = _wrapped_error()
    hub = get_hub()
    print_traceback = hub.print_exception

    def print_error(context: object, kind: object, error: object, trace: object) -> None:
        if isinstance(error, told_elsewhere):
            return
        if isinstance(error, PyinfraError):
            logger.error(f"{error}")
        else:
            print_traceback(context, kind, error, trace)

    hub.print_exception = print_error
    show = error_of_a_file.show

    def without_place(self: Any, file: IO[Any] | None = None) -> None:
        # The line of ours that raised it says nothing to whoever has to mend a setting.
        if isinstance(self.exception, PyinfraError):
            self.traceback = None
        show(self, file)

    error_of_a_file.show = without_place


def _wrapped_error() -> Any:
    # Imported late: pyinfra's command line puts gevent in the place of much that is imported after.
    from pyinfra_cli.exceptions import WrappedError

    return WrappedError


def read_output_by(read_buffer: Callable[..., None]) -> None:
    """Have what hosts print read by a function in place of pyinfra's `read_buffer`.

    Upstream needs `errors="replace"` there, and an escaping of what is no text.
    """
    util.read_buffer = read_buffer


def as_bytes(output: object) -> None:
    """Have a channel's lines read as bytes: as text they raise an error that is not UTF-8.

    Upstream (paramiko) needs an argument of `makefile` for it that `exec_command` passes on.
    """
    if isinstance(output, ChannelFile):
        output._flags |= ChannelFile.FLAG_BINARY  # type: ignore[attr-defined]


def hand_over_sudos_password_by(script: str) -> None:
    """The shell that writes sudo's askpass file; `{0}` is the folder for temporary files.

    Upstream needs to look for a folder in which files may be executed.
    """
    util.ASKPASS_COMMAND = script


def wrap_commands(wrap: Callable[..., Any]) -> None:
    """Have each command go over SSH by way of a function, which gets paramiko's own first.

    Upstream needs a command of one line for whatever login shell there is, and patience with
    MaxSessions.
    """
    plainly = SSHClient.exec_command

    def exec_command(self: SSHClient, command: str, *words: Any, **options: Any) -> Any:
        return wrap(lambda text: plainly(self, text, *words, **options), command)

    SSHClient.exec_command = exec_command  # type: ignore[method-assign, assignment]


def read_ssh_config_by(
    read: Callable[[Callable[[str], SSHConfigDict], str], SSHConfigDict],
) -> None:
    """Have what ~/.ssh/config says of a host read by a function, which gets paramiko's own first.

    Upstream (paramiko) needs to take ssh_config's word `none` for what it means; and pyinfra, to
    notice that a jump host is to be reached by way of itself.
    """
    looked_up = SSHConfig.lookup

    def lookup(self: SSHConfig, hostname: str) -> SSHConfigDict:
        return read(lambda name: looked_up(self, name), hostname)

    SSHConfig.lookup = lookup  # type: ignore[method-assign]


def private_names() -> Iterator[tuple[object, str]]:
    """What is touched here, by what has it: so that a test tells what a new version lacks."""
    yield import_module("pyinfra.api.operation"), "get_operation_order_from_stack"
    yield arguments, "all_global_arguments"
    yield HostData, "__getattr__"
    yield OperationMeta, "will_change"
    yield _prints(), "pretty_op_name"
    yield _wrapped_error(), "show"
    yield util, "read_buffer"
    yield util, "ASKPASS_COMMAND"
    yield SSHClient, "exec_command"
    yield SSHConfig, "lookup"
    yield ChannelFile, "FLAG_BINARY"
    yield get_hub(), "print_exception"
