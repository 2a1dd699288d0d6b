"""The logs."""

from pyinfra.api import deploy

from stack.inventory.hosts import on
from stack.inventory.roles import APP
from stack.operations import files, system
from stack.project.target import Target


@deploy("Logs")
@on(APP)
def keep(target: Target) -> None:
    """Keep logs where the user can read them, and rotate them."""
    files.in_place(
        name=f"Keep logs in {target.layout.logs}", target=target, files=target.files.logs
    )
    system.logs_linked(name="Link ~/logs to the logs", target=target)
