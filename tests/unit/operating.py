"""Operations of one host, whose reading is made up: what they would have it do."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from pyinfra.api import Inventory, State, StringCommand
from pyinfra.api.host import Host
from pyinfra.context import ctx_host, ctx_inventory, ctx_state

from stack.commands.lock import after_orphans
from stack.facts import HostState
from stack.host.observation import Observation
from stack.inventory import hosts
from stack.project.target import Target
from stack.state import reading

NAME = "@fake/web1"
CACHED = (hosts.roles_of_hosts, hosts.app_hosts, hosts.hosts_of_run, hosts.size_of_run)

Facts = Mapping[Any, object]
"""What facts tell, by their types."""
Sent = tuple[str, object]
"""A command as the host's shell gets it, and its standard input."""


def plan(
    operation: Callable[..., Any],
    target: Target,
    seen: Observation,
    facts: Facts | None = None,
    **words: object,
) -> list[Sent]:
    """The commands that an operation yields for a host.

    Args:
        seen: what the host is like.
        facts: what is read of it besides.
        words: the operation's own.
    """
    with only_host() as host:
        known = {HostState: seen, **(facts or {})}
        reading._observed[host] = {HostState: (host.state.current_stage, seen)}
        host.get_fact = lambda fact, **_: known[fact]  # type: ignore[method-assign,assignment]
        # Below pyinfra's own @operation.
        generator: Callable[..., Iterator[StringCommand]] = getattr(
            operation, "__wrapped__", operation
        )
        return [_sent(command) for command in generator(target, **words)]


def as_sent(target: Target, *commands: StringCommand) -> list[Sent]:
    """Commands as operations send them: once those of a run that was cut have come to an end."""
    return [_sent(after_orphans(target.layout, command)) for command in commands]


def _sent(command: StringCommand) -> Sent:
    return command.get_raw_value(), command.connector_arguments.get("_stdin")


@contextmanager
def only_host() -> Iterator[Host]:
    """pyinfra's contexts, with one host in the group `app`."""
    inventory = Inventory(([NAME], {}), app=([NAME], {}))
    state = State(inventory, None)
    _forget(CACHED)
    with ctx_inventory.use(inventory), ctx_state.use(state):
        host = inventory.get_host(NAME)
        with ctx_host.use(host):
            yield host
    _forget(CACHED)


def _forget(cached: Iterable[Any]) -> None:
    for one in cached:
        one.cache_clear()
