"""Which host migrates the database."""

from pyinfra import inventory, state
from pyinfra.api.host import Host
from pyinfra.context import ctx_host

from stack.release import Release


def _hosts() -> list[Host]:
    return [one for one in inventory if state.is_host_in_limit(one)]


def migrates(release: Release) -> bool:
    """Whether the current host migrates: each for itself, or the first of the run for all."""
    rule = release.project.settings.migrate
    return rule == "each" or (rule == "once" and ctx_host.get() is _hosts()[0])


def migrates_for_others(release: Release) -> bool:
    """Whether other hosts use the database that the current host migrates."""
    return release.project.settings.migrate == "once" and len(list(inventory)) > 1


def failed(release: Release) -> str:
    """The host that should have migrated for all and failed; an empty string when there is none."""
    first = _hosts()[0]
    if release.project.settings.migrate != "once" or first not in state.failed_hosts:
        return ""
    return str(first.name)
