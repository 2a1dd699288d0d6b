"""A release's code, from the controller to the host."""

from collections.abc import Generator
from functools import cache
from pathlib import PurePosixPath as Path

from pyinfra import host, logger, state
from pyinfra.api import StringCommand, operation
from pyinfra.api.exceptions import DeployError

from stack.commands import build, programs
from stack.commands.system import refuse
from stack.facts.release_files import ReleaseFiles
from stack.operations.room import refuse_without_room
from stack.project.target import Target
from stack.run.attempt import logged
from stack.run.changing import building, nothing_changed
from stack.source import Built, Source, SourceError, Spool
from stack.source.delta import SMALLEST_BYTES, delta
from stack.state.history import live_folder
from stack.state.placement import Placement, place
from stack.state.reading import observe

DELTA_BYTES = 2_000_000
"""The smallest archive of which a host gets only what it lacks: one below is sent at once."""


@operation()
def unpacked(target: Target) -> Generator[StringCommand, None, None]:
    """Have the release's code on the host, beside what is live."""
    here = place(target, observe(target))
    if not state.is_executing:
        _tell_of_changes(target.app.source)
    if here.has(".unpacked"):
        host.noop("the code is there")
        return
    have_archive(target)
    yield from logged(here, refuse_without_room(here), building(target, [programs.judge(target)]))
    if state.is_executing and (base := _base(here)) and (new := _new(here, base)):
        yield from logged(here, building(target, [build.unpack_delta(here, new, base)]))
        if place(target, observe(target)).has(".unpacked"):
            return
        host.log(f"{base.parent.name} has changed: the whole archive is sent")
    yield from logged(here, building(target, [_unpack(here)]))


def have_archive(target: Target) -> None:
    """Have the archive of the release on this machine, built where the settings say so.

    Raises:
        DeployError: there is none.
    """
    try:
        _tell_of_build(target.app.source)
        target.app.source.archive()
    except SourceError as error:
        raise DeployError(f"{error}. {nothing_changed()}") from None


def _unpack(here: Placement) -> StringCommand:
    """Unpack the whole; fail with a line where this machine has no room for it."""
    try:
        return build.unpack(here)
    except SourceError as error:
        return refuse(f"{host.name}: {error}")


def _base(here: Placement) -> Path | None:
    """Where the live release has its source, when it is another one and an archive is large."""
    live = live_folder(here)
    if live in ("", here.folder.name) or here.release.source.archive().size < DELTA_BYTES:
        return None
    return here.target.layout.releases / live / "source"


def _new(here: Placement, base: Path) -> Spool | None:
    """What the host lacks of the archive; None when all is to be sent."""
    source, layout = here.release.source, here.target.layout
    found: dict[str, str] | None = host.get_fact(
        ReleaseFiles,
        layout=layout,
        folder=base,
        smallest=SMALLEST_BYTES,
        most=2 * source.archive().size,
    )
    return _delta(source, tuple((found or {}).items()))


@cache
def _delta(source: Source, there: tuple[tuple[str, str], ...]) -> Spool | None:
    """The same for all hosts that have the same files."""
    try:
        return delta(source.archive(), dict(there))
    except SourceError:
        return None


@cache
def _tell_of_build(source: Source) -> None:
    """Say once that there is something to wait for."""
    if isinstance(source, Built) and not source.is_made:
        logger.info("--> Building on this machine; the result is kept")


@cache
def _tell_of_changes(source: Source) -> None:
    """Say once that the commit is deployed, and not what is changed beside it."""
    if names := source.left_out():
        named = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        logger.warning(f"Not committed in {source.name}, and so not deployed: {named}")
