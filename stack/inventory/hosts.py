"""The hosts of pyinfra's inventory, and what each is for."""

from collections.abc import Callable, Collection
from functools import cache, wraps
from typing import ParamSpec

from pyinfra import inventory, state
from pyinfra.api.host import Host
from pyinfra.context import ctx_host

from stack.inventory.roles import APP, roles

P = ParamSpec("P")


@cache
def roles_of_hosts() -> dict[str, frozenset[str]]:
    """The roles of each host, also of those that this run leaves out."""
    return roles({one.name: one.groups for one in inventory})


def plays(role: str) -> bool:
    """Whether the current host plays a role."""
    return role in roles_of_hosts()[ctx_host.get().name]


def on(role: str) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Have a task do nothing on hosts that do not play the role: `@on(APP)`, below `@deploy`."""

    def decorate(task: Callable[P, None]) -> Callable[P, None]:
        @wraps(task)
        def on_its_hosts(*args: P.args, **kwargs: P.kwargs) -> None:
            if plays(role):
                task(*args, **kwargs)

        return on_its_hosts

    return decorate


@cache
def app_hosts() -> tuple[Host, ...]:
    """The inventory's hosts that run the project, in its order."""
    return tuple(one for one in inventory if APP in roles_of_hosts()[one.name])


@cache
def hosts_of_run() -> tuple[Host, ...]:
    """Those that this run is over, in the same order, reachable or not."""
    return tuple(one for one in app_hosts() if state.is_host_in_limit(one))


@cache
def size_of_run() -> int:
    """How many hosts this run is over, whatever they are for."""
    return sum(state.is_host_in_limit(one) for one in inventory)


def left_out(role: str) -> list[str]:
    """The names of the hosts that play a role and that this run is not over."""
    return [
        one.name
        for one in inventory
        if role in roles_of_hosts()[one.name] and not state.is_host_in_limit(one)
    ]


def names_of(hosts: Collection[Host]) -> list[str]:
    """Their names, in the inventory's order."""
    return [one.name for one in inventory if one in hosts] if hosts else []
