"""The firewall, which all projects of a host share."""

from pyinfra import host
from pyinfra.api import deploy

from stack.inventory.roles import LB
from stack.operations import firewall, order
from stack.project.target import Target
from stack.state.firewall import is_wanted, left, not_needed, shut_by_ufw
from stack.state.reading import observe


@deploy("Firewall")
def begin(target: Target) -> None:
    """Have nobody let in but those whom the host's projects serve, and those of before."""
    seen = observe(target)
    if shut := shut_by_ufw(seen, target):
        host.log(f"ufw {shut}")
    if is_wanted(seen, target):
        firewall.as_asked(name="Let in nobody but to SSH and what is served", target=target)
    elif left(seen, target):
        firewall.as_asked(name="Let in everybody", target=target)


@deploy("Firewall")
def close(target: Target) -> None:
    """Have those of before let in no more, once nobody needs it, and those of now in any case."""
    if target.front and not target.leaves:
        order.others_done(name="Have visitors sent to nobody else", role=LB)
    seen = observe(target)
    has_former = is_wanted(seen, target) and not_needed(seen, target)
    # Also where nobody asks for a firewall yet: the run of another project may bring one meanwhile.
    firewall.closed(
        name="Remove former clients' rules" if has_former else "Let in those who are expected",
        target=target,
    )
