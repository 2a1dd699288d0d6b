"""What a host runs in, where it has no kernel of its own."""

from pyinfra.api import FactBase, StringCommand

from stack.shell.scripts import as_root, script

DETECT = script(__file__, "container.sh")


class Container(FactBase[str]):
    """The kind of container that a host is, in systemd's words; empty where it is none."""

    def command(self) -> StringCommand:
        """Build the command."""
        return as_root(DETECT)

    def process(self, output: list[str]) -> str:
        """Read what systemd-detect-virt prints."""
        return " ".join(output).strip().removeprefix("none")
