"""The hosts of pyinfra's inventory, and what each is for."""

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec

from pyinfra import inventory
from pyinfra.context import ctx_host

from stack.roles import roles

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
