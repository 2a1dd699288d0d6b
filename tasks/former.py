"""What a host goes on doing for a role that it no longer plays, and what it ends for those who come
to it as before: told, as it may still be needed."""

from pyinfra import host
from pyinfra.api import deploy

from stack.project.target import Target
from stack.state.former import had_database, still_balanced, still_served, still_stored
from stack.state.fronts import falls_silent, is_still_sent
from stack.state.reading import observe, observe_server


@deploy("Former roles")
def tell(target: Target) -> None:
    """Say in a plan what no group asks for, and how a person ends it."""
    seen = observe(target)
    told = [still_served(seen, target), still_balanced(seen, target)]
    if had_database(seen, target):
        told.append(still_stored(observe_server(target), target))
    told += [falls_silent(seen, target), is_still_sent(seen, target)]
    for line in filter(None, told):
        host.log(f"{host.name} {line}.")
