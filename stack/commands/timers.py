"""systemd timers."""

from collections.abc import Sequence

from pyinfra.api import StringCommand

from stack.commands.files import put
from stack.host.files import Declared
from stack.shell.scripts import as_root, script

START = script(__file__, "start_timer.sh")
REMOVE = script(__file__, "remove_timer.sh")


def run(name: str, files: Sequence[Declared]) -> list[StringCommand]:
    """Have a timer run, now and after a boot.

    Args:
        name: the timer's, without its suffix.
        files: what is not in place yet.
    """
    return [*([put(files)] if files else []), as_root(START, f"{name}.timer")]


def remove(names: Sequence[str]) -> StringCommand:
    """Forget timers and what they start, by their names; what is under way comes to its end."""
    return as_root(REMOVE, *names)
