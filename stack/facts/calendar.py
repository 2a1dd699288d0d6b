"""How systemd reads a time."""

from pyinfra.api import FactBase, StringCommand

from stack.shell.scripts import as_root, script

TELL_PROBLEM = script(__file__, "calendar.sh")


class CalendarProblem(FactBase[str]):
    """What is wrong with a time, in systemd's words; empty when it can be read."""

    def command(self, when: str) -> StringCommand:
        """Build the command."""
        return as_root(TELL_PROBLEM, when)

    def process(self, output: list[str]) -> str:
        """Join its lines."""
        return " ".join(line.strip() for line in output)
