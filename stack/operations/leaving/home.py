"""The project's user and its home."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import PurePosixPath as Path

from pyinfra import host, state
from pyinfra.api import operation

from stack.commands import leaving as commands
from stack.commands.release import removed_from_home
from stack.facts.contents import Contents, HomeContents
from stack.facts.written import Asked, written_into
from stack.host.observation import User
from stack.operations.leaving.told import seen_of, tell, tell_removed
from stack.project.leaving import Belongings
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.state.account_before import Account, account_before
from stack.state.presence import there
from stack.state.reading import read_once
from stack.state.written import kept


@operation()
def releases_removed(target: Target, everything: bool) -> Commands:
    """Have no releases, virtualenvs, links and caches in the home.

    Args:
        target: what the host is to be.
        everything: whether the home goes whatever is in it.
    """
    contents, reasons = _contents(target, everything)
    going = _going(contents, reasons)
    thinned = [path for path in contents.thinned if str(target.layout.home / path) not in reasons]
    if not going and not thinned:
        host.noop("nothing in the home is a deployment's")
        return
    tell_removed(f"~/{path}" for path in going)
    for reason in reasons.values():
        host.log(reason)
    yield from changing(target, commands.home(target.layout, going, thinned))


@operation()
def user_removed(target: Target, everything: bool) -> Commands:
    """Have no user, nor his home, where nothing is in it that must stay; else one without rights.

    Args:
        target: what the host is to be.
        everything: whether his home goes whatever is in it.
    """
    seen, layout = seen_of(target), target.layout
    home = seen.entries.get(str(layout.home))
    staying = must_stay(target, everything)
    if before := account_before(seen, target):
        yield from _given_back(target, before, everything)
    elif not staying and (seen.user or layout.log_group in seen.groups or home):
        # What goes with the home, a plan alone has to tell: there may be no end of it. Without
        # being told to remove everything, there is nothing.
        inside = _staying(target, everything) if everything and not state.is_executing else []
        tell_removed(dict.fromkeys([*([str(layout.home)] if home else []), *inside]))
        yield from changing(
            target, [commands.user(layout, with_home=True, besides=_besides(target))]
        )
    elif staying and seen.user and not seen.user.groups <= {layout.log_group}:
        named = ", ".join(staying[:5]) + (" and more" if staying[5:] else "")
        tell([f"{layout.user} stays, without the groups that it was given, with {named}"])
        yield from changing(target, [commands.user(layout, with_home=False, besides=())])
    else:
        host.noop("there is no user, or it stays with its own files")


def _given_back(target: Target, before: Account, everything: bool) -> Commands:
    """Have an account that was there as it was, but that it can read logs which stay."""
    seen, layout = seen_of(target), target.layout
    logs = set() if everything else {layout.log_group} & seen.groups
    groups = (before.user.groups | logs) - {before.user.group}
    wanted = replace(before.user, groups=groups)
    # Of its own home, all that was not the deployment's stays.
    stays = before.has_projects_home
    gone = layout.shared if stays else layout.home
    goes = str(gone) in seen.entries and (everything or not (stays or _in_home(target, everything)))
    drops_group = (
        everything
        and not before.had_log_group
        and layout.log_group in seen.groups - wanted.groups - {wanted.group}
    )
    if seen.user == wanted and not goes and not drops_group:
        host.noop("the account is as it was")
        return
    tell(_of_account(target, before, wanted))
    if goes:
        tell_removed([str(gone)])
    given = commands.give_back_user(layout, before, sorted(groups), goes and not stays, drops_group)
    shared = []
    if goes and stays:
        shared = [removed_from_home(layout, "", [f"./{gone.name}"], commands.GONE_SECONDS)]
    yield from changing(target, [*shared, given])


def _of_account(target: Target, before: Account, wanted: User) -> Iterator[str]:
    """What a person is told of an account that is given back."""
    yield (
        f"{target.layout.user} was there before the first deployment, and stays; it gets back the "
        f"home {wanted.home}, the shell {wanted.shell}, the group {wanted.group} and the "
        f"groups {', '.join(sorted(wanted.groups)) or '(none)'}"
    )
    if before.lost:
        yield (
            f"It had {', '.join(sorted(before.lost))} then, which this host has no more: what it "
            "has now stays in the place of a shell and of its own group"
        )
    if before.is_homeless:
        yield f"Nothing is at {wanted.home}, its home, any more"


def was_there(target: Target) -> bool:
    """Whether the user was there before the first deployment, and so stays."""
    return account_before(seen_of(target), target) is not None


def must_stay(target: Target, everything: bool) -> list[str]:
    """What keeps the user on the host, for a person; nothing where it and its home are to go.

    Args:
        target: what the host is to be.
        everything: whether his home goes whatever is in it.
    """
    path = str(target.layout.home)
    home = seen_of(target).entries.get(path)
    # What is no folder is not what a deployment has made.
    unknown = [path] if home and home.kind != "directory" else []
    return [*([] if everything else _staying(target, everything)), *unknown]


def _besides(target: Target) -> tuple[str, ...]:
    """What is the user's outside of his home."""
    return there(seen_of(target), Belongings(target.layout).users)


def _contents(target: Target, everything: bool) -> tuple[Contents, dict[str, str]]:
    """What is in the home, and why releases stay that have written what nobody else has."""
    seen, layout = seen_of(target), target.layout
    if not seen.user or str(layout.home) not in seen.entries:
        return Contents(is_whole=True), {}
    # What goes with the home is not looked into; an account that stays keeps its own home.
    all_goes = everything and account_before(seen, target) is None
    return read_once((HomeContents, all_goes), lambda: _read_contents(target, all_goes))


def _read_contents(target: Target, all_goes: bool) -> tuple[Contents, dict[str, str]]:
    layout = target.layout
    contents: Contents | None = host.get_fact(HomeContents, layout=layout)
    contents = contents or Contents()
    touched = (*contents.going, *contents.thinned)
    folders = [layout.home / path for path in touched if path.startswith("releases/")]
    if not folders or all_goes:
        return contents, {}
    return contents, kept(target, map(str, folders), written_into(Asked(layout, folders)))


def _going(contents: Contents, reasons: Iterable[str]) -> list[str]:
    spared = {f"releases/{Path(path).name}" for path in reasons}
    emptied = [folder for folder in contents.emptied if folder != "releases" or not spared]
    return [
        *(
            path
            for path in contents.going
            if path not in spared and path.partition("/")[0] not in emptied
        ),
        *emptied,
    ]


def _staying(target: Target, everything: bool) -> list[str]:
    """What there is of the user's that deployments have not made, for a person."""
    seen, layout = seen_of(target), target.layout
    if not seen.user:
        # Nobody can look into it as him.
        is_there = str(layout.home) in seen.entries
        return [str(layout.home)] if is_there else []
    return [*_besides(target), *_in_home(target, everything)]


def _in_home(target: Target, everything: bool) -> list[str]:
    contents, reasons = _contents(target, everything)
    staying = [*contents.staying, *(f"releases/{Path(path).name}" for path in reasons)]
    if not contents.is_whole:
        staying.append("what could not be read")
    return [f"~/{path}" for path in staying]
