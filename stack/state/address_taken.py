"""Whether somebody else has the address that the app server needs: of what was read."""

from ipaddress import IPv6Address, ip_address

from stack.onhost.switch.listening import meet
from stack.state.live import process_of
from stack.state.placement import Placement
from stack.state.visited import addresses_of


def taken(here: Placement) -> str:
    """Who has it, and what to do, as the switch would say it; empty when nobody was seen there."""
    settings = here.target.settings
    process = process_of(here, settings.program)
    # It starts its workers once it has its address, whomever somebody has it run as.
    if process and process.children and settings.bind in addresses_of(here, process):
        return ""
    who = {name for address, name in here.seen.at_bind if _meets(settings.bind, address)}
    if not who:
        return ""
    return (
        f"{settings.bind} is taken by {' and '.join(sorted(who))}: end it, or set bind to another "
        "address."
    )


def _meets(bind: str, address: str) -> bool:
    """Whether who listens at an address keeps others from a second one.

    Args:
        bind: with a port.
        address: as ss has it: * is all of IPv6 and IPv4, and no other of IPv6 has both.
    """
    wanted = ip_address(bind.rpartition(":")[0].strip("[]"))
    if address == "*":
        return meet(wanted, IPv6Address("::"))
    there = ip_address(address.partition("%")[0].strip("[]"))
    there = getattr(there, "ipv4_mapped", None) or there
    return (wanted.version, there.version) != (4, 6) and meet(wanted, there)
