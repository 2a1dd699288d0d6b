"""Those who want to know how a run has ended."""

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.project.target import Target
from stack.report.notifying import tell_at_the_end


@on(APP)
def at_the_end(target: Target, release: str = "") -> None:
    """Have the commands of `notify` told how this run ends.

    Args:
        target: what the host is to be.
        release: what is to go live, where that is not the settings'.
    """
    tell_at_the_end(target.settings, release or target.app.id)
