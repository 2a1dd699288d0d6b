"""Nginx and Supervisor: that they run with what is on disk, and that nothing is in their way."""

from collections.abc import Sequence

from pyinfra import host, state
from pyinfra.api import operation

from stack.commands import nginx, system
from stack.commands.files import put
from stack.host.files import Declared, in_the_way
from stack.host.observation import Observation
from stack.inventory.hosts import plays
from stack.inventory.roles import APP
from stack.operations.diff import tell_put_aside
from stack.operations.files import Files, declared
from stack.project.certbot import served_paths
from stack.project.nginx_files import enabled
from stack.project.site import is_as_written, written
from stack.project.supervisor_files import CLOSED_SOCKET
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.state import conflicts
from stack.state.certificates import begins_anew
from stack.state.default_server import nobodys
from stack.state.history import run_again
from stack.state.live import is_live, is_served
from stack.state.neighbours import neighbours, served_by
from stack.state.placement import place
from stack.state.reading import observe
from stack.state.services import (
    CLOSED,
    OPEN,
    is_made_closed,
    is_made_open,
    nginx_is_loaded,
    outlasts,
    socket_is,
    still_configured,
)
from stack.state.supervisor_conflicts import of_supervisor


@operation()
def site_moved(target: Target) -> Commands:
    """Have the site in its declared file, before anything else is done to that file."""
    seen = observe(target)
    before = served_by(seen, target)
    if not before:
        host.noop("the site is in its file")
        return
    text = seen.nginx_files[enabled(before)].replace(" default_server", "")
    if is_as_written(seen.nginx_files[enabled(before)]):
        # Never what is declared, whatever else changes: that is put in place later in the plan.
        text = written("# It was in another file.\n" + text.partition("\n")[2])
    yield from changing(target, [nginx.move(target, before, text)])


@operation()
def nginx_loaded(target: Target, files: Files, mended: bool = False, folder: str = "") -> Commands:
    """Have Nginx run, now and after a boot, with the configuration that is on disk.

    Args:
        target: what the host is to be.
        files: what is declared of Nginx, and of its unit.
        mended: whether the site is broken, and is mended before a release takes over.
        folder: in ~/releases, of the release that takes over where it is not the declared one.
    """
    seen = observe(target)
    # The switch ends with a reload, where Nginx has visitors to be moved. In an apply it has ended,
    # and what Nginx runs with is seen, not expected.
    has_visitors = bool(seen.proxied_to) or mended
    expected = plays(APP) and has_visitors and not state.is_executing
    reloads = expected and not _is_over(target, seen, folder)
    read = declared(files, seen)
    if reloads:
        its = target.files
        prepared = [*its.nginx, its.link, *its.certificate, *nobodys(seen, target)]
        read = [file for file in read if file not in prepared]
    is_read = reloads or not begins_anew(seen, target)
    # What is to be removed before changes what there is to load.
    is_read = is_read and not still_configured(seen, target.files.undeclared)
    rereads = not outlasts(seen, target)
    if is_read and nginx_is_loaded(seen, read, reloads, rereads, served_paths(target)):
        host.noop("Nginx runs with its files")
    else:
        yield from changing(target, [nginx.load(target)])


def _is_over(target: Target, seen: Observation, folder: str) -> bool:
    """Whether no release is to take over any more."""
    here = place(target, seen)
    return is_served(run_again(here, folder)) if folder else is_live(here)


@operation()
def nginx_reads(target: Target, files: Sequence[Declared]) -> Commands:
    """Have Nginx run with files of its own that no release changes."""
    if nginx_is_loaded(observe(target), files):
        host.noop("Nginx runs with its files")
    else:
        yield from changing(target, [nginx.load(target)])


@operation()
def outlasting(target: Target) -> Commands:
    """Have systemd not stop services because the kernel has ended one process of theirs."""
    if outlasts(observe(target), target):
        host.noop("the services outlast it")
    else:
        files = list(target.files.outlasting.values())
        yield from changing(target, [put(files), system.read_units()])


@operation()
def supervisor_continued(target: Target) -> Commands:
    """Have supervisord answer where a signal has stopped it, which systemd takes for running."""
    if observe(target).supervisor_is_stopped:
        yield from changing(target, [system.continue_supervisor()])
    else:
        host.noop("no signal has stopped supervisord")


@operation()
def socket_guarded(target: Target) -> Commands:
    """Have supervisord's socket open to those whom its file names, or to root where that would
    give one project's user the programs of another."""
    seen = observe(target)
    if not neighbours(seen, target.layout.user):
        if socket_is(seen, OPEN) and is_made_open(seen):
            host.noop("the socket is open")
        else:
            yield from changing(target, [system.open_socket()])
    elif socket_is(seen, CLOSED) and is_made_closed(seen):
        host.noop("the socket is root's")
    else:
        tell_put_aside(in_the_way([CLOSED_SOCKET], seen.entries))
        yield from changing(target, [put([CLOSED_SOCKET]), system.close_socket()])


@operation()
def nginx_conflicts_put_aside(target: Target, files: Sequence[Declared]) -> Commands:
    """Have no file of Nginx's take the site's visitors, but for those that are declared."""
    seen = observe(target)
    paths = conflicts.of_nginx(seen, files)
    told = [conflicts.with_what_it_serves(seen, path, files) for path in paths]
    yield from _put_aside(target, paths, told)


@operation()
def supervisor_conflicts_put_aside(target: Target) -> Commands:
    """Have no other file of Supervisor's declare the site's program, or one beside it."""
    paths = of_supervisor(observe(target), target)
    yield from _put_aside(target, paths, paths)


def _put_aside(target: Target, paths: list[str], told: list[str]) -> Commands:
    if paths:
        tell_put_aside(told)
        yield from changing(target, [system.put_aside(paths)])
    else:
        host.noop("nothing is in the way")
