"""What a project may ask of its server as a whole: no other project of the server loses it."""

from pyinfra.api import deploy

from stack.operations import files, services, updates
from stack.operations import swap as swapping
from stack.project import host_wide
from stack.project.target import Target
from stack.state.reading import observe
from stack.state.swap import is_there
from stack.state.updates import left


@deploy("Server")
def write_down(target: Target) -> None:
    """Have it written down what this project asks for, for other projects to leave it alone."""
    if wanted := host_wide.record(target):
        files.in_place(name="Write down what is asked of it", target=target, files=wanted)
    elif host_wide.record_path(target) in observe(target).entries:
        files.gone(
            name="Ask nothing of it any more", target=target, paths=[host_wide.record_path(target)]
        )


@deploy("Server")
def outlast(target: Target) -> None:
    """Have Nginx and supervisord run on where the kernel ends one process for want of memory."""
    if target.files.outlasting:
        services.outlasting(
            name="Keep services up when memory runs out for one process", target=target
        )


@deploy("Server")
def update(target: Target) -> None:
    """Have security updates install themselves, or not any more."""
    if target.settings.automatic_updates:
        updates.on(name="Install security updates every day", target=target)
    elif left(observe(target)):
        # Whoever asks for it may be about to do so no longer.
        updates.off(name="Leave security updates to you", target=target)


@deploy("Server")
def swap(target: Target) -> None:
    """Have a swap file, or none of ours."""
    if size := target.settings.swap:
        swapping.on(name=f"Have {size} of swap", target=target)
    elif is_there(observe(target)):
        swapping.off(name="Have no swap file", target=target)
