"""Whether Nginx can read its files."""

from pyinfra.api import FactBase, StringCommand

from stack.shell.scripts import as_root, script

TELL_REFUSAL = script(__file__, "refused.sh", "apart.sh")


class RefusedByNginx(FactBase[str]):
    """Why Nginx cannot read its files, in its own words; empty when it can.

    Changes nothing. It is for a plan that needs it: most do not.
    """

    @staticmethod
    def default() -> str:
        """What is known of a host that says nothing."""
        return ""

    def command(self) -> StringCommand:
        """Build the command."""
        return as_root(TELL_REFUSAL)

    def process(self, output: list[str]) -> str:
        """Join its lines."""
        return "\n".join(output)
