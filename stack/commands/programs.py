"""Supervisor's programs beside the site."""

import shlex
from collections.abc import Iterable

from pyinfra.api import StringCommand

from stack.commands.files import put
from stack.host.files import File
from stack.onhost import package
from stack.project.target import Target

# `update` starts or restarts what has a new file, and leaves alone what has not.
RUN = r"""
program=$1 release=$2
read=$(supervisorctl reread)
case $read in ERROR*) printf '%s\n' "Supervisor cannot read its files: $read" >&2; exit 1 ;; esac
told=$(supervisorctl update "$program")
case $told in *'process group'*) ;; *) told=$(supervisorctl restart "$program") ;; esac
for try in $(seq 300); do
  pid=$(supervisorctl pid "$program")
  if tr '\000' '\n' < "/proc/$pid/environ" 2>/dev/null | grep -qx "RELEASE_FOLDER=$release" &&
    supervisorctl status "$program" | grep -q RUNNING; then exit 0; fi
  case $(supervisorctl status "$program") in *FATAL*) break ;; esac
  sleep 0.2
done
printf '%s\n' "$told" >&2
supervisorctl status "$program" >&2
supervisorctl tail -3000 "$program" >&2
exit 1
"""

REMOVE = r"""
supervisorctl stop "$1" > /dev/null
rm "$2" && supervisorctl reread > /dev/null && supervisorctl update "$1" > /dev/null
"""


def judge(target: Target) -> StringCommand:
    """Fail, and say which file is wrong, where supervisord would not start with its files."""
    program, script = target.files.program, package("switch")["judge.py"]
    words = ["/usr/bin/python3", "-I", "-c", script, program.path]
    return StringCommand(shlex.join(words), _stdin=program.content)


def write(file: File) -> StringCommand:
    """Put a program's file in place."""
    return put([file])


def run(program: str, release: str) -> StringCommand:
    """Have Supervisor run a program from its file and a release, and wait until it does.

    Args:
        release: the folder of the release that is live.
    """
    return StringCommand(shlex.join(["sh", "-c", RUN, "sh", program, release]))


def remove(programs: Iterable[tuple[str, str]]) -> Iterable[StringCommand]:
    """Stop programs, given with the paths of their files, and forget them."""
    for program, path in programs:
        yield StringCommand(shlex.join(["sh", "-c", REMOVE, "sh", program, path]))
