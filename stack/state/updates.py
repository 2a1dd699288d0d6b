"""Security updates that install themselves: pure functions of what was read."""

from stack.host.files import File, out_of_place
from stack.host.observation import Observation, Unit
from stack.project.host_wide import NEEDRESTART, UPDATES
from stack.project.target import Target
from stack.state.neighbours import neighbours

PACKAGE = "unattended-upgrades"
TIMERS = ("apt-daily.timer", "apt-daily-upgrade.timer")
"""Of apt's own: the first fetches, the second installs."""


def files(seen: Observation) -> list[File]:
    """The files of a host that updates itself."""
    return [UPDATES, *([NEEDRESTART] if "needrestart" in seen.packages else [])]


def stopped(seen: Observation) -> list[str]:
    """The timers that do not run, now and after a boot."""
    return [timer for timer in TIMERS if not seen.units.get(timer, Unit()).runs]


def is_on(seen: Observation) -> bool:
    """Whether the host updates itself as declared."""
    is_installed = PACKAGE in seen.packages
    return is_installed and not stopped(seen) and not out_of_place(files(seen), seen.entries)


def superfluous(seen: Observation, target: Target) -> list[str]:
    """What is left of it on a host of which no project asks for it."""
    others = neighbours(seen, target.layout.user)
    if target.settings.automatic_updates or any(one.automatic_updates for one in others):
        return []
    return left(seen)


def left(seen: Observation) -> list[str]:
    """The files of ours that there are, whoever asks for them."""
    return [file.path for file in (UPDATES, NEEDRESTART) if file.path in seen.entries]
