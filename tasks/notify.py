"""Those who want to know how a run has ended."""

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.project.target import Target
from stack.report.notifying import tell_at_the_end
from stack.state.history import revision_of
from stack.state.placement import place
from stack.state.reading import observe


@on(APP)
def at_the_end(target: Target, release: str = "") -> None:
    """Have the commands of `notify` told how this run ends.

    Args:
        target: what the host is to be.
        release: in ~/releases, what is to go live where that is not the settings'.
    """
    if release:
        revision = revision_of(place(target, observe(target)), release)
        tell_at_the_end(target.settings, release, revision)
    else:
        tell_at_the_end(target.settings, target.app.id, target.settings.revision)
