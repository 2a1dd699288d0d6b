"""A release, from its environment to what is being served."""

from pyinfra import host, state
from pyinfra.api import operation

from stack.commands import build, checking
from stack.commands import release as commands
from stack.commands.migrations import check_migrated
from stack.commands.system import refuse
from stack.facts.media import MediaAccess
from stack.host.files import out_of_place
from stack.operations.diff import show, show_text, tell_kept_beside
from stack.operations.foretold import foretell
from stack.operations.room import refuse_without_room
from stack.project.target import Target
from stack.run import lock
from stack.run.attempt import logged
from stack.run.changing import Commands, building, changing
from stack.state import migrator
from stack.state.address_taken import taken
from stack.state.history import live_folder
from stack.state.listening import shut_out
from stack.state.live import is_live
from stack.state.placement import Placement, place
from stack.state.reading import observe
from stack.state.served import script_before_a_switch
from stack.state.written import changed, told_of_changed


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
        yield from logged(here, building(target, build.write_scripts(here)))


@operation()
def virtualenv_built(target: Target) -> Commands:
    """Have a virtualenv with the release's dependencies."""
    here = place(target, observe(target))
    if here.has_virtualenv:
        host.noop("the virtualenv is built")
    else:
        todo = changing(target, [build.build_virtualenv(here)])
        yield from logged(here, refuse_without_room(here), todo)


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
        run = lock.RUN if migrator.migrates_alone(target) and not here.has(".migrated") else ""
        check = checking.check(here, migrates_in=run, new_database=new_database)
        todo = building(target, [*build.link_virtualenv(here), check])
        yield from logged(here, _refuse_a_changed_virtualenv(here), todo)


@operation()
def static_collected(target: Target) -> Commands:
    """Have the release whole: with its virtualenv, and its static files collected."""
    here = place(target, observe(target))
    if here.has(".built"):
        host.noop("the release is whole")
    else:
        # The project's own commands may change more than the release.
        its = target.settings.commands
        sent = changing if its.keys() & {"before_static", "after_static"} else building
        todo = sent(target, [*build.link_virtualenv(here), checking.collect_static(here)])
        yield from logged(here, _refuse_a_changed_virtualenv(here), todo)


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
    if problem := taken(here) or shut_out(here):
        foretell(problem)
    tell_kept_beside(here.seen, [target.layout.live, target.layout.virtualenv])
    yield from logged(here, _refuse_a_changed_virtualenv(here), _refuse_changed_code(here))
    is_kept = target.files.switch_values in script_before_a_switch(here)
    brought = [target.files.program, *([] if is_kept else [target.files.switch_values])]
    show(out_of_place(brought, here.seen.entries), here.seen.entries)
    name, virtualenv = here.folder.name, here.virtualenv.name
    revision, after = target.settings.revision, target.settings.commands.get("after_switch")
    first = [check_migrated(here, absent)] if (absent := migrator.absent(target)) else []
    if state.is_executing and not here.has(".checked"):
        # It may have failed for want of migrations, which have been applied by now.
        first.append(checking.check(here, again=True))
    yield from logged(here, changing(target, first))
    todo = [
        commands.put_live(
            target, name, virtualenv, lock.WHO, revision=revision, commands_follow=bool(after)
        )
    ]
    if after:
        todo.append(commands.after_switch(target.layout, name, after))
    yield from changing(target, todo)


@operation()
def followed(target: Target) -> Commands:
    """Have the project's own commands run that a run was to run after the switch, and has not."""
    here = place(target, observe(target))
    after = target.settings.commands["after_switch"]
    if is_live(here) and here.has(".after"):
        if not state.is_executing:
            host.log(
                f'commands["after_switch"] has not run yet for what is live: {"; ".join(after)}'
            )
        command = commands.after_switch(target.layout, here.folder.name, after)
        yield from changing(target, [command])
    else:
        host.noop("nothing is left to run")


def _refuse_changed_code(here: Placement) -> Commands:
    """Refuse to serve what something has changed since it was built, and nobody is served yet."""
    paths = here.seen.changed.get(str(here.folder), ())
    is_new = here.folder.name != live_folder(here)
    if state.is_executing and is_new and changed(here.target, paths):
        yield refuse(told_of_changed(here.target, here.folder.name, paths))


def _refuse_a_changed_virtualenv(here: Placement) -> Commands:
    # This run has found it whole, or has built it.
    if state.is_executing and not here.has_virtualenv:
        yield refuse(
            f"A virtualenv in {here.target.layout.virtualenvs} was changed after it was built: "
            "something in it was removed or replaced, or a package was added, by commands or by "
            "the project as it started. They may add files to a library's folder, and no more; "
            "packages belong in requirements."
        )
