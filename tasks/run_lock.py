"""One run at a time, over all of its hosts."""

import sys

from pyinfra import host
from pyinfra.api import deploy
from pyinfra.api.exceptions import DeployError

from stack.inventory.hosts import size_of_run
from stack.operations import run_lock
from stack.project.target import Target
from stack.run.command_line import broken_by


@deploy("Run")
def hold(target: Target) -> None:
    """Keep other runs away from the host.

    Raises:
        DeployError: the run was started in a way that would break its promises.
    """
    if reason := broken_by(sys.argv, size_of_run(), host.data.dict()):
        raise DeployError(reason)
    run_lock.other_runs_kept_away(name="Keep other runs away", target=target)
