"""What systemd makes of a time."""

from pyinfra.api import FactBase, StringCommand

from stack.shell.scripts import as_root

ASK = """
systemd-analyze calendar -- "$1" 2>&1 > /dev/null || :
"""


class CalendarProblem(FactBase[str]):
    """What is wrong with a time, in systemd's words; empty when it can be read."""

    def command(self, when: str) -> StringCommand:
        """Build the command."""
        return as_root(ASK, when)

    def process(self, output: list[str]) -> str:
        """Join its lines."""
        return " ".join(line.strip() for line in output)
