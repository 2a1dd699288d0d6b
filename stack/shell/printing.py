"""What a person is told of a command: that it failed and why, or what it said though it did not."""

from pyinfra import logger
from pyinfra.api import Host, State, StringCommand


class TellingCommand(StringCommand):
    """pyinfra shows what a command printed when it fails, or with -vvv; of this, always."""

    # The arguments are pyinfra's own, which has no name for their type outside of it.
    def execute(self, state: State, host: Host, connector_arguments):  # type: ignore[no-untyped-def]
        """Run the command, and print its standard output."""
        status, output = super().execute(state, host, connector_arguments)
        if status and not state.print_output:
            for line in output.stdout_lines:
                logger.info(f"{host.print_prefix}{line}")
        return status, output


def telling(command: StringCommand) -> TellingCommand:
    """The same command, with its output shown."""
    return TellingCommand(*command.bits, **command.connector_arguments)
