"""Who deploys to a host at this moment."""

from pyinfra import host

from stack.commands.lock import PATIENCE_SECONDS, path_of_run
from stack.facts.busy import Busy
from stack.project.target import Target
from stack.state.reading import observe


def deploying(target: Target) -> str:
    """Who deploys to the current host, from where and since when; empty when nobody does."""
    who = observe(target).deploying
    # A run that has just ended, or was killed, lets go within a moment.
    is_held = who and host.get_fact(Busy, lock=path_of_run(target.layout), seconds=PATIENCE_SECONDS)
    return who if is_held else ""
