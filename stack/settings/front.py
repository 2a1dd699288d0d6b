"""The front of the inventory's group `lb`, from the settings of all hosts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from stack.inventory.roles import APP, LB, Roles, playing
from stack.settings.model import Settings
from stack.settings.problem import Problem, shown


@dataclass(frozen=True)
class Front:
    """What stands before the app hosts."""

    site: Settings
    """Those of the app hosts: whose site it is."""
    servers: tuple[str, ...]
    """The addresses of the app hosts, in the inventory's order."""
    balancers: tuple[str, ...]
    """The addresses of the hosts that balance over them."""


def front_of(settings: Mapping[str, Settings], roles: Roles) -> Front | None:
    """The front that an inventory without problems declares; None without a host for it.

    Args:
        settings: of all hosts, by name.
        roles: the same hosts'.
    """
    apps, balancers = playing(APP, roles), playing(LB, roles)
    if not balancers:
        return None
    return Front(
        settings[apps[0]],
        tuple(settings[app].address for app in apps),
        tuple(settings[balancer].address for balancer in balancers),
    )


def front_problems(settings: Mapping[str, Settings], roles: Roles) -> Iterator[Problem]:
    """What keeps the hosts of the group `lb` from balancing over those of the group `app`."""
    apps, balancers = playing(APP, roles), playing(LB, roles)
    if not balancers:
        return
    if not apps:
        text = "the group lb has nothing to balance over; expected hosts in the group app"
        yield Problem("inventory", text, tuple(balancers))
    if both := tuple(host for host in balancers if host in apps):
        text = "is in the groups app and lb, which both need port 80; expected one of them"
        yield Problem("inventory", text, both)
    if apps and "_" in settings[apps[0]].server_name:
        text = (
            "default_server = False: leaves unknown names to others, but the app hosts' "
            'server_name = "_" stands for those alone; expected True, or a host name there'
        )
        if named := tuple(one for one in balancers if not settings[one].default_server):
            yield Problem("default_server", text, named)
    why = "the Nginx of an app host listens on IPv4 alone"
    reasons = dict.fromkeys(balancers, f"{why}, and sees a balancer's IPv4 address")
    for host, reason in {**reasons, **dict.fromkeys(apps, why)}.items():
        address = settings[host].address
        if ":" in address:
            text = f"address = {shown(address)}: {reason}; expected an IPv4 address"
            yield Problem("address", text, (host,))
