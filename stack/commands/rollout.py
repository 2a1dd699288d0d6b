"""What a rollout over several hosts does beside the switch itself."""

import shlex
from collections.abc import Iterator

from pyinfra.api import StringCommand

from stack.commands import release as commands
from stack.commands.files import put
from stack.host.files import File
from stack.project import files as declared
from stack.project.layout import Project
from stack.state.served import Served


def watch(project: Project, seconds: int) -> StringCommand:
    """Fail, and print why, when the host stops answering its health check within that time."""
    library = shlex.quote(str(project.library))
    return StringCommand(f"cd {library} && exec python3 -B -m switch.watch {seconds}")


def go_back(project: Project, before: Served, values: str, by: str) -> Iterator[StringCommand]:
    """Put live what was live before, run as it was run then.

    Args:
        values: the text of switch.json as it is now.
        by: who does it, and from where.
    """
    path = declared.values_of_the_switch(project)
    yield put([File(path, before.values_over(values))])
    yield commands.put_live(project, before.folder, before.virtualenv, by, before.program)
