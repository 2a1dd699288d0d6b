"""One deployment at a time on a host."""

import shlex

from pyinfra.api import StringCommand

from stack.project.layout import Layout
from stack.shell.scripts import filled

PATIENCE_SECONDS = 3
"""How long a run that has just ended may take to let go."""
ORPHAN_SECONDS = 600
"""How long the last command of a run that was cut may still take."""

FOLDER = "/run/django-stack"
"""root's alone: any account that may read a lock's file may also hold it."""
PLAIN = (
    "PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LC_ALL=C.UTF-8; export PATH LC_ALL; "
    "unset LANGUAGE; "
)
"""What some servers leave out, and what others speak: programs' words are read in English."""
MAKE_FOLDER = f"mkdir -p -m 700 {FOLDER}"

# It writes to its connection for as long as that is there: when the controller dies, or the
# network between, the write fails, this ends, and the kernel frees the lock.
HOLD = r"""
lock=$1
@folder@
exec 9>>"$lock"
flock -w @patience@ 9 || { head -n 1 "$lock"; exit 75; }
printf '%s, since %s\n%s\n' "$2" "$(date -u '+%F %T UTC')" "$3" > "$lock"
while echo; do sleep 1 9>&-; done
"""

# The last command of a cut run may still be at work: what is read before it ends is not so for
# long.
CONFIRM = r"""
for try in $(seq 60); do
  if [ "$(sed -n 2p "$1" 2>/dev/null)" = "$2" ]; then
    exec flock -w @orphan@ "$3" true
  fi
  sleep 0.1
done
exit 1
"""


def hold(layout: Layout, who: str, token: str) -> StringCommand:
    """A command that takes the host's lock and runs for as long as its connection lasts.

    It ends with exit code 75, and who has the lock on its output, when another run has it.
    """
    script = filled(HOLD, {"patience": str(PATIENCE_SECONDS), "folder": MAKE_FOLDER})
    return StringCommand(shlex.join(["sh", "-c", script, "sh", _path(layout), who, token]))


def confirm(layout: Layout, token: str) -> StringCommand:
    """A command that ends well once the lock is held by the run with this token.

    It waits until no command of an earlier run is under way.
    """
    script = filled(CONFIRM, {"orphan": str(ORPHAN_SECONDS)})
    words = ["sh", "-c", script, "sh", _path(layout), token, _path_of_commands(layout)]
    return StringCommand(shlex.join(words))


def after_orphans(layout: Layout, command: StringCommand) -> StringCommand:
    """The command, to be run once no command of an earlier run is under way.

    A command goes on when its connection is cut; whatever it starts holds the lock with it.
    """
    path = shlex.quote(_path_of_commands(layout))
    wait = f"{PLAIN}{MAKE_FOLDER}; exec 8>>{path}; flock -w {ORPHAN_SECONDS} 8 || exit 75;"
    return type(command)(wait, command, **command.connector_arguments)


def _path(layout: Layout) -> str:
    return f"{FOLDER}/{layout.user}-deploy"


def _path_of_commands(layout: Layout) -> str:
    return f"{FOLDER}/{layout.user}-command"
