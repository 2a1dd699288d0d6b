"""The command line."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from types import FrameType

from . import __doc__ as about
from .claim import said_of
from .host import RECORD, Host
from .journal import entry
from .locks import alone
from .reached import unreached
from .system import SwitchError, say, told
from .takeover import put_live


def main() -> int:
    """Put a release live; 0 when it is, 1 when it is not and why was said."""
    words = _words()
    if os.geteuid() != 0:
        say("Only root can run this.")
        return 1
    host = Host(json.loads(words.record)) if words.record else Host.read(RECORD)
    # Logs are for others to read, whatever the umask of whoever calls.
    os.umask(0o022)
    # A cut connection hangs up, and must not end this half way.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    signal.signal(signal.SIGINT, _interrupted)
    try:
        program = Path(words.program_file or host.program_file).read_text()
        with alone(host), entry(host, words.release, words.revision, words.by):
            put_live(
                host, words.release, words.virtualenv, program, words.commands_follow, words.record
            )
    except Exception as error:
        say(told(error))
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        say(said_of(host))
        return 1
    # It is live all the same.
    for line in unreached(host):
        say(line, well=True)
    return 0


def _words() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m switch",
        description=about,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("release", help="a name in ~/releases")
    parser.add_argument(
        "virtualenv", nargs="?", default="", help="a name in ~/.virtualenvs; else the release's own"
    )
    parser.add_argument(
        "--program-file",
        metavar="FILE",
        help="what Supervisor's file for the program is to be; else it stays as it is",
    )
    parser.add_argument(
        "--record",
        metavar="JSON",
        default="",
        help="what switch.json is to be once it is live; else it stays as it is",
    )
    parser.add_argument(
        "--by",
        metavar="WHO",
        default="someone on the host",
        help="who does it, and from where, for the release log",
    )
    parser.add_argument("--revision", metavar="NAME", default="", help="what the release is of")
    parser.add_argument(
        "--commands-follow",
        action="store_true",
        help="leave .after in the release: its own commands are yet to run once it is live",
    )
    return parser.parse_args()


def _interrupted(number: int, frame: FrameType | None) -> None:
    """Ctrl-C is one more failure: what was served before is served again."""
    raise SwitchError("It was interrupted.")


if __name__ == "__main__":
    sys.exit(main())
