"""Restricted accounts: hosts let somebody in, and run no command for him. What to change there."""

import gevent
from pyinfra import state
from pyinfra.api import StringCommand
from pyinfra.api.arguments import CONNECTOR_ARGUMENT_KEYS
from pyinfra.context import ctx_host

from stack.run.reach import BROKEN
from stack.run.upstream.arguments import arguments_of

SECONDS = 20
REASONS = {
    "must have a tty": (
        "sudo requires a terminal, and a run has none: remove requiretty from /etc/sudoers and "
        "/etc/sudoers.d, or add there: Defaults:{user} !requiretty."
    ),
    "allows sftp connections only": (
        "its SSH lets {user} only transfer files: remove ForceCommand internal-sftp for that user "
        "from /etc/ssh/sshd_config and /etc/ssh/sshd_config.d, or set ssh_user to another user."
    ),
}
"""By what the server says."""


def why() -> str:
    """Why the current host runs nothing, for a person; empty where that is not known."""
    this = ctx_host.get()
    user = this.data.get("ssh_user") or "USER"
    found, _ = arguments_of(state, this, {})
    its = {key: value for key, value in found.items() if key in CONNECTOR_ARGUMENT_KEYS}
    try:
        with gevent.Timeout(SECONDS, exception=TimeoutError):
            works, output = this.run_shell_command(StringCommand("true"), **its)
    except BROKEN:
        return ""
    said = "" if works else "\n".join(output.output_lines)
    return next((t.format(user=user) for words, t in REASONS.items() if words in said), "")
