"""What a rollout over several hosts does beside the switch itself."""

from collections.abc import Iterator

from pyinfra.api import StringCommand

from stack.commands import release as commands
from stack.project.layout import Layout
from stack.project.target import Target
from stack.shell.scripts import as_root, script
from stack.state.served import Served

IN_FOLDER = script(__file__, "in_folder.sh")


def watch(layout: Layout, seconds: int) -> StringCommand:
    """Fail, and print why, when the host stops answering its health check within that time."""
    words = ("python3", "-B", "-m", "switch.watch", str(seconds))
    return as_root(IN_FOLDER, str(layout.library), *words)


def go_back(target: Target, before: Served, values: str, by: str) -> Iterator[StringCommand]:
    """Put live what was live before, run as it was run then.

    Args:
        values: the text of switch.json as it is now.
        by: who does it, and from where.
    """
    record = before.values_over(values)
    yield commands.put_live(
        target, before.folder, before.virtualenv, by, before.program, record=record
    )
