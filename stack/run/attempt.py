"""Steps of a release before its switch, of which the host's release log tells why they failed.

The switch writes lines of its own there. A step that goes well costs nothing more.
"""

import json
import re
import time
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any
from urllib.parse import quote, urlsplit

from pyinfra import logger
from pyinfra.api import Host, State, StringCommand
from pyinfra.api.exceptions import PyinfraError

from stack.commands.release import log_attempt
from stack.project.release import Release
from stack.run import lock, reach
from stack.run.changing import Commands
from stack.state.history import live_folder
from stack.state.placement import Placement

LAST_LINES = 6
"""How much of what a step said is written down."""
LINE_LENGTH = 300
MASKED = "*MASKED*"
SHORTEST = 4
"""How many characters a value of `env` has to have to be masked: of a shorter one, what it hides
would be other words."""
SECRET = re.compile(r"secret|passw|token|key|dsn|url|credential|auth", re.IGNORECASE)
"""What a line in one of `files` has where it sets a secret."""
SET = re.compile(r"""[:=]\s*(?:"([^"]{4,})"|'([^']{4,})'|([^\s"',]{4,}))""")
"""What such a line sets, in the forms of .env, Python, TOML, YAML and JSON."""


def logged(here: Placement, *steps: Commands) -> Commands:
    """The same steps, which leave a line in the release log where one of them fails.

    Args:
        here: the release that is to go live, on the current host as it was before them.
        steps: one after the other.
    """
    for command in chain.from_iterable(steps):
        yield _LoggedCommand(command, here)


class _LoggedCommand(StringCommand):
    """A command that has one more run where it fails."""

    def __init__(self, command: StringCommand, here: Placement) -> None:
        super().__init__(command, **command.connector_arguments)
        self._command = command
        self._here = here

    # The arguments are pyinfra's own, which has no name for their type outside of it.
    def execute(self, state: State, host: Host, connector_arguments: Any) -> Any:
        """Run the command."""
        began = time.monotonic()
        arguments = dict(connector_arguments)  # to which the command adds its own
        status, output = self._command.execute(state, host, connector_arguments)
        if not status:
            seconds = time.monotonic() - began
            names = state.get_op_meta(host.executing_op_hash or "").names
            line = _line(self._here, next(iter(names)), output.stderr_lines, seconds)
            _write(host, self._here, line, seconds, arguments)
        return status, output


def _write(host: Host, here: Placement, line: str, seconds: float, arguments: Any) -> None:
    """What cannot be written is told, and fails nothing more."""
    command = log_attempt(here.target.layout, line, round(seconds))
    try:
        done, output = host.run_shell_command(
            command, **{**arguments, **command.connector_arguments}
        )
        problem = "" if done else " ".join(output.stderr_lines[-1:])
    except (PyinfraError, *reach.BROKEN) as error:
        done, problem = False, f"{error}"
    if not done:
        logger.warning(f"{host.name}: This could not be written to the release log: {problem}")


def _line(here: Placement, step: str, said: Sequence[str], seconds: float) -> str:
    """JSON as the switch writes it, without the time and the brace before it."""
    secrets = _secrets(here.release)
    lines = [_masked(line, secrets)[:LINE_LENGTH] for line in said[-LAST_LINES:]]
    told = {
        "release": here.folder.name,
        "revision": here.target.settings.revision,
        "before": live_folder(here),
        "by": lock.WHO,
        "result": "failed",
        "why": "\n".join([f"{step.rpartition(' | ')[2]} failed.", *lines]),
        "seconds": round(seconds, 1),
    }
    return json.dumps(told, ensure_ascii=False)[1:]


def _masked(line: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        line = line.replace(secret, MASKED)
    return line


def _secrets(release: Release) -> list[str]:
    """What others than the project's user may not read of it; what may hold another comes first."""
    found = {one for its in release.environment.items() for one in _of_value(*its)}
    found.update(one for text in release.files.values() for one in _of_file(text))
    return sorted((one for one in found if len(one) >= SHORTEST), key=len, reverse=True)


def _of_value(name: str, value: str) -> Iterator[str]:
    if name == "DJANGO_SETTINGS_MODULE":
        return  # tracebacks name it
    try:
        password = urlsplit(value).password or ""
    except ValueError:
        password = ""
    for one in (value, password):
        yield from (one, quote(one), quote(one, safe=""), *one.splitlines())


def _of_file(text: str) -> Iterator[str]:
    for line in filter(SECRET.search, text.splitlines()):
        for found in SET.finditer(line):
            yield from _of_value("", next(filter(None, found.groups())))
