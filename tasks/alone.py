"""One run at a time."""

from pyinfra.api import deploy

from stack.operations import system
from stack.release import Release


@deploy("Run")
def stay(release: Release) -> None:
    """Keep other runs away from the host."""
    system.other_runs_kept_away(name="Keep other runs away", release=release)
