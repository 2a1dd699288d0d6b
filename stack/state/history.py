"""Which releases a host has served, and what is known of each."""

from collections.abc import Iterable
from dataclasses import replace

from stack.project.app_server import SERVERS
from stack.state.placement import Placement, named_by


def live_folder(here: Placement) -> str:
    """The name, in ~/releases, of what ~/PROJECT leads to; empty when it leads to none."""
    return named_by(here.seen.entries.get(str(here.target.layout.live)))


def before_live(here: Placement) -> str:
    """The release that was live before the one that is, and is still whole; empty without one.

    Going back to a release undoes those that came after it: so going back twice goes two back, and
    not forth again, and what comes next has the release before it that it took over from.
    """
    line: list[str] = []
    for one in here.seen.log:
        # What it took over from may have no line of its own: a full disk had no room for it.
        for name in filter(None, (one.before, one.release) if one.result == "live" else ()):
            line[:] = line[: line.index(name)] if name in line else line
            line.append(name)
    live = live_folder(here)
    earlier = line[: line.index(live)] if live in line else []
    whole = [name for name in earlier if is_whole(here, name)]
    return whole[-1] if whole else ""


def all_kept(here: Placement) -> tuple[str, ...]:
    """The releases that are whole."""
    releases = f"{here.target.layout.releases}/"
    there = (path.split("/") for path in here.seen.entries if path.startswith(releases))
    names = (words[-2] for words in there if words[-1] == ".built")
    return tuple(sorted(name for name in names if is_whole(here, name)))


def never_live(here: Placement, names: Iterable[str]) -> tuple[str, ...]:
    """Those of some releases that have failed before they took over, by the log."""
    live = live_folder(here)
    return tuple(name for name in names if name != live and was_live(here, name) is False)


def was_live(here: Placement, name: str) -> bool | None:
    """Whether a release has ever been live there, by the log; None where that does not tell."""
    log = here.seen.log
    # One whose own line found no room is named by the next.
    if any((one.release, one.result) == (name, "live") or one.before == name for one in log):
        return True
    reaches_back = bool(log) and not log[0].before
    return False if reaches_back or any(one.release == name for one in log) else None


def placed(here: Placement, name: str) -> Placement:
    """Where another release is on the host."""
    folder = here.target.layout.releases / name
    virtualenv = named_by(here.seen.entries.get(str(folder / "virtualenv")))
    return replace(here, folder=folder, virtualenv=here.target.layout.virtualenvs / virtualenv)


def run_again(here: Placement, name: str) -> Placement:
    """Where another release is on the host, to be run by its own app server."""
    target, server = here.target, server_of(here, name)
    if server != target.settings.server:
        settings = target.settings.model_copy(update={"server": server})
        target = replace(target, settings=settings)
    return replace(placed(here, name), target=target)


def mark_of(server: str) -> str:
    """The file in a release's folder that says what runs it; of the default, none."""
    return "" if server == next(iter(SERVERS)) else f".{server}"


def server_of(here: Placement, name: str) -> str:
    """What runs a release, as in the setting `server`: by what its own folder says."""
    folder = here.target.layout.releases / name
    marked = (one for one in SERVERS if str(folder / f".{one}") in here.seen.entries)
    return next(marked, next(iter(SERVERS)))


def revision_of(here: Placement, name: str) -> str:
    """What a release was made from, by the log; empty when that does not tell."""
    told = (one.revision for one in reversed(here.seen.log) if one.release == name)
    return next(filter(None, told), "")


def is_whole(here: Placement, name: str) -> bool:
    """Whether there is a release of that name that was built, and was not damaged since."""
    path = str(here.target.layout.releases / name)
    return f"{path}/.built" in here.seen.entries and path not in here.seen.damaged
