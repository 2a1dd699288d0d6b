"""What Supervisor runs beside the site."""

from collections.abc import Sequence

from pyinfra import host
from pyinfra.api import operation

from stack.commands import programs as commands
from stack.operations.diff import show
from stack.project.supervisor_files import PROGRAMS
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.state.history import placed
from stack.state.live import runs_program
from stack.state.neighbours import programs_beside
from stack.state.placement import Placement, place
from stack.state.reading import observe
from stack.state.supervisor_conflicts import of_supervisor


def started(target: Target, folder: str = "") -> list[str]:
    """The names of the programs that a run starts on this host, in order.

    Args:
        folder: as `running` has it.
    """
    here = _place(target, folder)
    return [name for name in target.files.programs if not runs_program(here, name)]


@operation()
def running(
    target: Target, program: str, folder: str = "", watched: Sequence[str] = ()
) -> Commands:
    """Have a program run from the live release, where this host is one to run it.

    Args:
        target: what the host is to be.
        program: its name.
        folder: in ~/releases, of the release to run it from where that is not the declared one.
        watched: the programs that have to stay up once this one has started.
    """
    if program not in target.files.programs:
        host.noop(f"{program} is for another host")
        return
    here = _place(target, folder)
    if runs_program(here, program):
        host.noop(f"{program} runs")
        return
    file = target.files.programs[program]
    todo = [commands.run(target.layout, program, file.path, str(here.folder))]
    if not file.is_in_place(here.seen.entries.get(file.path)):
        show([file], here.seen.entries)
        todo.insert(0, commands.write(file))
    if watched:
        todo.append(commands.watch(target.layout, watched, str(here.folder)))
    yield from changing(target, todo)


def _place(target: Target, folder: str) -> Placement:
    here = place(target, observe(target))
    return placed(here, folder) if folder else here


@operation()
def others_removed(target: Target) -> Commands:
    """Have no programs of this project's that the settings no longer name."""
    start, end = f"{PROGRAMS}/{target.layout.user}-", ".conf"
    kept = {file.path for file in target.files.programs.values()}
    seen = observe(target)
    # What declares a program of today's was put aside by then, and is that one's to replace.
    kept |= {*of_supervisor(seen, target)}
    old = [
        (path.removeprefix(start).removesuffix(end), path)
        for path in programs_beside(seen, target.layout.user)
        if path not in kept
    ]
    if old:
        yield from changing(target, commands.remove(old))
    else:
        host.noop("no old programs")
