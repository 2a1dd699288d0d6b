"""Whether Nginx can read its files."""

from pyinfra.api import FactBase, StringCommand

from stack.shell.scripts import as_root, script

TELL_REFUSAL = script(__file__, "refused.sh", "apart.sh", "nginx_apart.sh")


class RefusedByNginx(FactBase[str]):
    """Why Nginx cannot read its files, in its own words: a line for each; empty when it can.

    Changes nothing. It is for a plan that needs it: most do not.
    """

    @staticmethod
    def default() -> str:
        """What is known of a host that says nothing."""
        return ""

    def command(self, text: str) -> StringCommand:
        """Build the command.

        Args:
            text: of the nginx.conf that is to come.
        """
        return as_root(TELL_REFUSAL, text)

    def process(self, output: list[str]) -> str:
        """Join its lines."""
        return "\n".join(output)
