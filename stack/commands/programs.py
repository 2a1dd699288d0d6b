"""Supervisor's programs beside the site."""

from collections.abc import Iterable, Sequence

from pyinfra.api import StringCommand

from stack.commands.files import put
from stack.host.files import File
from stack.onhost import package
from stack.project.layout import Layout
from stack.project.target import Target
from stack.shell.scripts import as_root, command, script

RUN = script(__file__, "run_program.sh", "let_reload.sh", "let_end.sh", "tell_log.sh")
WATCH = script(__file__, "watch_programs.sh", "let_reload.sh", "tell_log.sh")
REMOVE = script(__file__, "remove_program.sh", "let_reload.sh", "let_end.sh", "forget_program.sh")


def judge(target: Target) -> StringCommand:
    """Fail, and say which file is wrong, where supervisord would not start with its files."""
    program, judge = target.files.program, package("switch")["judge.py"]
    words = ("/usr/bin/python3", "-I", "-c", judge, program.path)
    return command(*words, stdin=program.content)


def write(file: File) -> StringCommand:
    """Put a program's file in place."""
    return put([file])


def run(layout: Layout, program: str, path: str, release: str) -> StringCommand:
    """Have Supervisor run a program from its file and a release, and wait until it does.

    Args:
        path: of the file.
        release: the folder of the release that is live.
    """
    return as_root(RUN, program, path, release, _log(layout, program))


def watch(layout: Layout, programs: Sequence[str], release: str) -> StringCommand:
    """Fail where one of the programs ends within eight seconds, with what it has logged."""
    words = (word for name in programs for word in (name, _log(layout, name)))
    return as_root(WATCH, release, *words)


def _log(layout: Layout, program: str) -> str:
    return str(layout.logs / f"{program}.log")


def remove(programs: Iterable[tuple[str, str]]) -> Iterable[StringCommand]:
    """Stop programs, given with the paths of their files, and forget them."""
    for program, path in programs:
        yield as_root(REMOVE, program, path)
