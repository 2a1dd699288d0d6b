"""One run at a time, over all of its hosts."""

import sys

from pyinfra import host
from pyinfra.api import deploy
from pyinfra.api.exceptions import DeployError

from stack.commands.lock import ORPHAN_SECONDS, SILENT_SECONDS, path_of_commands
from stack.facts.busy import Busy
from stack.inventory.hosts import size_of_run
from stack.operations import run_lock
from stack.project.target import Target
from stack.run.command_line import broken_by
from stack.run.deploying import deploying
from stack.state.reading import forget


@deploy("Run")
def hold(target: Target) -> None:
    """Keep other runs away from the host.

    Raises:
        DeployError: the run was started in a way that would break its promises.
    """
    if reason := broken_by(sys.argv, size_of_run(), host.data.dict()):
        raise DeployError(reason)
    run_lock.other_runs_kept_away(name="Keep other runs away", target=target)


@deploy("Run")
def settle(target: Target) -> None:
    """Have the host read anew once no command of a run that was cut is under way there.

    It is for what decides, when planned, by what a release that takes over right now will change.

    Raises:
        DeployError: one is still under way after all that time, or somebody is deploying.
    """
    if who := deploying(target):
        raise DeployError(f"{host.name} is being deployed to by {who}. Nothing was changed.")
    commands = path_of_commands(target.layout)
    if host.get_fact(Busy, lock=commands, seconds=SILENT_SECONDS):
        host.log(f"waits for a command of an earlier run, for {ORPHAN_SECONDS} s at most")
        if host.get_fact(Busy, lock=commands, seconds=ORPHAN_SECONDS):
            raise DeployError(
                f"{host.name}: a command of an earlier run is still running after "
                f"{ORPHAN_SECONDS} s. Nothing was changed. Run it again once that has ended."
            )
    forget()
