"""What a person is told of a command: that it failed and why, or what it said though it did not."""

from pyinfra.api import Host, State, StringCommand
from pyinfra.connectors.util import CommandOutput

TOLD = "stdout"
"""In the place of pyinfra's `print_output`: which is told line by line, by stack/run/output.py."""


class TellingCommand(StringCommand):
    """pyinfra shows what a command printed when it fails, or with -vvv; of this, as it comes."""

    # The arguments are pyinfra's own, which has no name for their type outside of it.
    def execute(self, state: State, host: Host, connector_arguments):  # type: ignore[no-untyped-def]
        """Run the command, and have its standard output told."""
        status, output = host.run_shell_command(
            self,
            print_output=state.print_output or TOLD,
            print_input=state.print_input,
            **{**connector_arguments, **self.connector_arguments},
        )
        if not status and not state.print_output:
            # pyinfra tells all of it then.
            others = [line for line in output.combined_lines if line.buffer_name != TOLD]
            return status, CommandOutput(others)
        return status, output


def telling(command: StringCommand) -> TellingCommand:
    """The same command, with its output shown."""
    return TellingCommand(*command.bits, **command.connector_arguments)
