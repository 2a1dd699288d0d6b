"""What pyinfra prints: the names of operations, errors, and the output of hosts."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import IO, Any

from gevent import get_hub
from paramiko import Channel, ChannelFile
from pyinfra import logger
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.state import State, StateOperationMeta
from pyinfra.connectors import util

from stack.inventory.naming import named


def tell_names_in_one_order() -> None:
    """Have an operation told by every name that it has: hosts may give it different ones.

    pyinfra tells one of them, and which one is chance. Upstream needs to tell all.
    """
    _prints().pretty_op_name = name_of


def name_of(meta: StateOperationMeta) -> str:
    """What an operation is called on all hosts that have it, and a nameless one its arguments."""
    words = f" ({', '.join(str(arg) for arg in meta.args)})" if meta.args else ""
    return " / ".join(sorted(meta.names)) + words


def lines_of_diff(before: Sequence[str], after: Sequence[str]) -> Iterable[str]:
    """How a text will differ, in the colours in which pyinfra's own operations print it.

    Upstream needs to say that operations of others may use it.
    """
    # Imported late: few runs ask for it.
    from pyinfra.operations.util.files import generate_color_diff

    return generate_color_diff(list(before), list(after))


def _prints() -> Any:
    # Imported late, as below.
    from pyinfra_cli import prints

    return prints


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


def tell_failed_hosts_by_name() -> None:
    """Have the last line of a run that ends for all hosts say which have failed.

    pyinfra tells their share: "Over 0% of hosts failed (33%)", or "No hosts remaining!". Upstream
    needs to name them there.
    """
    fail: Callable[..., None] = State.fail_hosts

    def fail_hosts(state: State, *hosts: Any, **words: Any) -> None:
        try:
            fail(state, *hosts, **words)
        except PyinfraError:
            failed = named(sorted(one.name for one in state.failed_hosts), "hosts")
            raise PyinfraError(
                f"{failed}: failed, so the run has ended; the reason is above"
            ) from None

    State.fail_hosts = fail_hosts  # type: ignore[method-assign,assignment]


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


def private_names() -> Iterator[tuple[object, str]]:
    """What is touched here, by what has it."""
    yield _prints(), "pretty_op_name"
    yield _wrapped_error(), "show"
    yield get_hub(), "print_exception"
    yield util, "read_buffer"
    yield State, "fail_hosts"
    yield ChannelFile, "FLAG_BINARY"
    yield ChannelFile(Channel(0)), "_flags"
    yield import_module("pyinfra.operations.util.files"), "generate_color_diff"
