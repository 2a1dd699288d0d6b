"""A release, from its environment to what is being served."""

from collections.abc import Generator, Sequence
from pathlib import PurePosixPath as Path

from pyinfra import host, state
from pyinfra.api import StringCommand, operation

from stack.commands import build, checking
from stack.commands import release as commands
from stack.commands.migrations import check_migrated
from stack.commands.system import refuse
from stack.facts.media import MediaAccess
from stack.facts.written import Written, WrittenFiles
from stack.operations.diff import show, show_text
from stack.operations.foretold import refuse_foretold
from stack.operations.room import refuse_without_room
from stack.project.target import Target
from stack.run import lock
from stack.run.changing import building, changing
from stack.state import migrator, uploads
from stack.state.history import live_folder
from stack.state.live import is_live
from stack.state.placement import Placement, place
from stack.state.reading import observe
from stack.state.superfluous import superfluous
from stack.state.written import kept, refusal

Commands = Generator[StringCommand, None, None]


@operation()
def nothing_left_behind(target: Target) -> Commands:
    """Have no release take over from one whose own folder holds files that are nowhere else."""
    here = place(target, observe(target))
    live = live_folder(here)
    if live and live != here.folder.name:
        folder = target.layout.releases / live
        found = _written(here, [folder], target.settings.outliving)
        if problem := refusal(target, live, found):
            yield from refuse_foretold(problem)
            return
    if before := uploads.moved_from(here.seen, target):
        if not target.settings.media_root:
            host.log(f"Visitors will get no more uploads: media_root was {before}, and is nothing.")
        elif host.get_fact(MediaAccess, layout=target.layout, media=before):
            yield from refuse_foretold(uploads.refusal(target, before))
            return
    host.noop("the live release has written nothing of its own")


def _written(
    here: Placement, folders: Sequence[Path], shared: Sequence[str] = ()
) -> dict[str, Written] | None:
    found: dict[str, Written] | None = host.get_fact(
        WrittenFiles, layout=here.target.layout, folders=folders, shared=shared
    )
    return found


@operation()
def environment_written(target: Target) -> Commands:
    """Have the release's environment in its own folder, for the project's user alone."""
    here = place(target, observe(target))
    if here.has_environment:
        host.noop("the environment is written")
    else:
        for path in target.app.files:
            show_text(str(here.folder / "src" / path), [], "*MASKED*\n")
        show_text(str(here.folder / "with-env"), [], here.with_env_shown)
        show_text(str(here.folder / "manage"), [], here.manage)
        yield from building(target, build.write_scripts(here))


@operation()
def virtualenv_built(target: Target) -> Commands:
    """Have a virtualenv with the release's dependencies."""
    here = place(target, observe(target))
    if here.has_virtualenv:
        host.noop("the virtualenv is built")
    else:
        yield from refuse_without_room(here)
        yield from changing(target, [build.build_virtualenv(here)])


@operation()
def checked(target: Target, new_database: bool) -> Commands:
    """Have the release, with its virtualenv and environment, checked by Django itself.

    Args:
        target: what the host is to be.
        new_database: whether an empty database may take the live one's place.
    """
    here = place(target, observe(target))
    if here.has(".checked"):
        host.noop("Django has checked the release")
    else:
        yield from _refuse_a_changed_virtualenv(here)
        run = lock.RUN if migrator.migrates_alone(target) and not here.has(".migrated") else ""
        check = checking.check(here, migrates_in=run, new_database=new_database)
        yield from building(target, [*build.link_virtualenv(here), check])


@operation()
def static_collected(target: Target) -> Commands:
    """Have the release whole: with its virtualenv, and its static files collected."""
    here = place(target, observe(target))
    if here.has(".built"):
        host.noop("the release is whole")
    else:
        yield from _refuse_a_changed_virtualenv(here)
        # The project's own commands may change more than the release.
        its = target.settings.commands
        sent = changing if its.keys() & {"before_static", "after_static"} else building
        yield from sent(target, [*build.link_virtualenv(here), checking.collect_static(here)])


@operation()
def media_open(target: Target) -> Commands:
    """Have Nginx read the uploads, and nothing else of what is shared."""
    here = place(target, observe(target))
    media = target.settings.media_root
    if here.seen.user and host.get_fact(MediaAccess, layout=target.layout, media=media):
        host.noop("Nginx may read the uploads")
    else:
        yield from changing(target, [commands.open_media(target.layout, media)])


def live(target: Target) -> Commands:
    """Have the release served.

    It starts on a private address first, and takes over once it answers there. When it fails,
    what was served before is served on.
    """
    here = place(target, observe(target))
    if is_live(here):
        host.noop("the release is live")
        return
    yield from _refuse_a_changed_virtualenv(here)
    program = target.files.program
    if not program.is_in_place(here.seen.entries.get(program.path)):
        show([program], here.seen.entries)
    name, virtualenv = here.folder.name, here.virtualenv.name
    revision = target.settings.revision
    todo = [
        commands.put_live(target, name, virtualenv, lock.WHO, revision=revision),
    ]
    if state.is_executing and not here.has(".checked"):
        # It may have failed for want of migrations, which have been applied by now.
        todo.insert(0, checking.check(here, again=True))
    if absent := migrator.absent(target):
        todo.insert(0, check_migrated(here, absent))
    if after := target.settings.commands.get("after_switch"):
        todo.append(commands.after_switch(target.layout, name, after))
    yield from changing(target, todo)


def _refuse_a_changed_virtualenv(here: Placement) -> Commands:
    # This run has found it whole, or has built it.
    if state.is_executing and not here.has_virtualenv:
        yield refuse(
            f"A virtualenv in {here.target.layout.virtualenvs} was changed after it was built: "
            "something in it was removed or replaced, or a package was added, by commands or by "
            "the project as it started. They may add files to a library's folder, and no more; "
            "packages belong in requirements."
        )


@operation()
def old_ones_removed(target: Target) -> Commands:
    """Have no more releases than are to be kept, and no virtualenvs that none of them needs."""
    here = place(target, observe(target))
    old = superfluous(here, switched=state.is_executing)
    folders = [Path(path) for path in old if Path(path).parent == target.layout.releases]
    if folders and here.seen.user:
        reasons = kept(target, map(str, folders), _written(here, folders))
        for reason in reasons.values():
            host.log(reason)
        old = superfluous(here, reasons, switched=state.is_executing)
    if old:
        yield from changing(target, commands.remove(target.layout, old))
    else:
        host.noop("no old releases")
