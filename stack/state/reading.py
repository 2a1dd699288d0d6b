"""Reading a host, once for as long as nothing is changed on it."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import Any, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from pyinfra import host, state
from pyinfra.api import FactBase, StringCommand
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.state import StateStage
from pyinfra.context import ctx_host

from stack.database.observation import Server
from stack.facts import DatabaseState, HostState
from stack.host.observation import Observation
from stack.project.target import Target
from stack.state import scope
from stack.state.damage import as_judged

T = TypeVar("T")
Readings = dict[Hashable, tuple[StateStage, Any]]

_first: "WeakKeyDictionary[Host, Observation]" = WeakKeyDictionary()
_observed: "WeakKeyDictionary[Host, Readings]" = WeakKeyDictionary()
_built: "WeakSet[Host]" = WeakSet()
"""Those whose releases have changed since, and nothing else."""


def observe(target: Target) -> Observation:
    """What the current host is like.

    pyinfra reads a fact anew for every operation that asks. Here one reading serves all
    operations of a plan, and of an apply those up to the next change; after one of releases
    alone, these are read anew.

    Raises:
        PyinfraError: the host could not be read.
    """
    seen = read_once(HostState, lambda: _read(HostState, scope.of_host(target)))
    if (this := ctx_host.get()) in _built:
        read = _read(HostState, scope.of_releases(target))
        seen = _with_releases_of(read, seen, target)
        _observed[this][HostState] = (state.current_stage, seen)
        _built.discard(this)
    seen = as_judged(seen, target)
    if state.is_executing:
        if not seen.is_whole:
            home = target.layout.home
            raise PyinfraError(f"{host.name}: {home} could not be read to its end; run it again.")
        _first.setdefault(ctx_host.get(), seen)
    return seen


def observe_server(target: Target) -> Server:
    """What the current host is like as the database's; read as seldom, and raising the same."""
    return read_once(DatabaseState, lambda: _read(DatabaseState, scope.of_database(target)))


def read_once(what: Hashable, read: Callable[[], T]) -> T:
    """What is read of the current host, once for as long as nothing is changed on it.

    Args:
        what: stands for it, and has to hold all that it depends on.
        read: reads it.
    """
    readings = _observed.setdefault(ctx_host.get(), {})
    if what in readings and readings[what][0] == state.current_stage:
        known: T = readings[what][1]
        return known
    seen = read()
    readings[what] = (state.current_stage, seen)
    return seen


def _read(fact: type[FactBase[T]], its_scope: object) -> T:
    seen: T | None = host.get_fact(fact, scope=its_scope)
    if seen is None:
        raise PyinfraError(f"{host.name} could not be read{_why_unreadable()}")
    return seen


def _with_releases_of(read: Observation, seen: Observation, target: Target) -> Observation:
    """What was seen before, but for releases, which have been read since; no virtualenv has."""
    folders = f"{target.layout.releases}/", f"{target.layout.virtualenvs}/"
    others = {path: entry for path, entry in seen.entries.items() if not path.startswith(folders)}
    # Its user has told these: of other paths, what root has read holds.
    theirs = {path: entry for path, entry in read.entries.items() if path.startswith(folders)}
    return replace(
        seen,
        now=read.now,
        uptime=read.uptime,
        free_bytes=read.free_bytes,
        free_inodes=read.free_inodes,
        entries={**others, **theirs},
        damaged=read.damaged | {path for path in seen.damaged if path.startswith(folders[1])},
        changed=read.changed,
        is_whole=read.is_whole,
    )


def _why_unreadable() -> str:
    """What is known of a host that did not do what it was told, as the end of a sentence."""
    _, said = ctx_host.get().run_shell_command(StringCommand("echo it answers"))
    if "it answers" in said.stdout_lines:
        return "; what it said stands above."
    return (
        ": its login shell runs no commands. Look for an exit in the .bashrc, .cshrc or the like "
        "of the user who logs in, and for a shell such as nologin. Nothing was changed."
    )


def observe_before(target: Target) -> Observation:
    """What the current host was like before this run changed anything on it.

    Raises:
        PyinfraError: it was not read yet, and could not be read.
    """
    return _first.get(ctx_host.get()) or observe(target)


def forget() -> None:
    """Have the current host read anew."""
    _observed.pop(ctx_host.get(), None)
    _built.discard(ctx_host.get())


def forget_releases() -> None:
    """Have the current host's releases read anew, unless all of it is to be."""
    if HostState in _observed.get(ctx_host.get(), {}):
        _built.add(ctx_host.get())
