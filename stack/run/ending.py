"""The end of a run whose rollout was not completed."""

import json
import sys
from typing import Any

from stack.run.upstream.ending import EndOfRunError
from stack.run.upstream.output import tell_errors_in_a_line, tell_failed_hosts_by_name


def fail_plainly() -> None:
    """Have errors that a person can mend told in one line each."""
    tell_errors_in_a_line(told_elsewhere=RolloutError)
    tell_failed_hosts_by_name()


class RolloutError(EndOfRunError):
    """Ends the run with a verdict."""

    def show(self, file: Any = None) -> None:
        """Print the verdict; with `--json` also for machines, on standard output."""
        super().show(file)
        # click's own context is out of reach here, in another greenlet than the command's.
        if "--json" in sys.argv:
            self.tell(json.dumps(self.payload))
