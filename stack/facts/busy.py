"""Whether something is being done to a host."""

from pyinfra.api import FactBase, StringCommand

from stack.shell.scripts import as_root, script

TELL = script(__file__, "busy.sh")


class Busy(FactBase[bool]):
    """Whether a command that changes the host is under way, and goes on being so.

    One of a run that was cut goes on, and what is read before it ends is not so for long.
    """

    def command(self, lock: str, seconds: int) -> StringCommand:
        """Build the command.

        Args:
            lock: the file of the lock that commands hold.
            seconds: how long they may still take.
        """
        return as_root(TELL, lock, str(seconds))

    def process(self, output: list[str]) -> bool:
        """Whether it says so."""
        return output == ["busy"]
