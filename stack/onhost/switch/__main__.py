"""The command line."""

import argparse
import signal
import sys
from pathlib import Path

from .host import Host, SwitchError, alone, say
from .journal import entry
from .takeover import put_live


def main() -> int:
    """Put a release live; 0 when it is, 1 when it is not and why was said."""
    parser = argparse.ArgumentParser(prog="switch")
    parser.add_argument("release", help="a name in ~/releases")
    parser.add_argument("virtualenv", help="a name in ~/.virtualenvs")
    parser.add_argument("--program-file", help="what Supervisor's file for the program is to be")
    parser.add_argument("--by", default="someone on the host", help="who does it, and from where")
    parser.add_argument("--revision", default="", help="what the release is of")
    words = parser.parse_args()
    host = Host.read(Path(__file__).resolve().parent.parent / "switch.json")
    program = Path(words.program_file or host.program_file).read_text()
    # A cut connection hangs up, and must not end this half way.
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    try:
        with alone(host), entry(host, words.release, words.revision, words.by):
            put_live(host, words.release, words.virtualenv, program)
    except SwitchError as error:
        say(str(error))
        serving = host.release()
        say(f"{serving} is still being served." if serving else "Nothing was being served yet.")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
