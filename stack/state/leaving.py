"""What a host still has of a project that is leaving: pure functions of what was read."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath as Path

from stack.host.files import Declared, File, out_of_place
from stack.host.observation import Entry, Observation, Unit, User
from stack.project.leaving import NGINX, ORIGINALS, SUPERVISOR, Belongings, original
from stack.project.nginx_files import ENABLED, NAMES_FILE, NGINX_OUTLASTS, SITE, enabled
from stack.project.rendering import render
from stack.project.site import WRITTEN
from stack.project.supervisor_files import SUPERVISOR_OUTLASTS
from stack.project.target import Target
from stack.state.interpreters import left_by
from stack.state.neighbours import neighbours, programs_beside, recorded
from stack.state.schedules import scheduled, unit_of
from stack.state.services import CLOSED, SOCKET, has_read, is_made_open, socket_is


@dataclass(frozen=True)
class Leftovers:
    """What is to become of files."""

    removed: tuple[str, ...] = ()
    restored: tuple[str, ...] = ()
    """In whose place that is to be which was there before the first project."""
    replaced: tuple[Declared, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.removed or self.restored or self.replaced)

    @property
    def told(self) -> list[str]:
        """For a person, a line for each kind."""
        lines = {
            "Will be removed": self.removed,
            "Will be as before the first deployment": self.restored,
            "Will answer for unknown names": [f.path for f in self.replaced],
        }
        return [f"{what}: {', '.join(paths)}" for what, paths in lines.items() if paths]


def has_replaced_nothing(seen: Observation) -> bool:
    """Whether no project is on the host or was, whose files would be taken for Debian's."""
    has_a_site = any(one.site or one.program for one in seen.projects)
    return not has_a_site and ORIGINALS not in seen.entries


def is_alone(seen: Observation, target: Target) -> bool:
    """Whether no other project is on the host, so that what projects share goes too."""
    return not neighbours(seen, target.layout.user)


def of_nginx(seen: Observation, target: Target) -> Leftovers:
    """Files of Nginx's. The server's default is somebody's for as long as a project is there."""
    its = Belongings(target.layout)
    site = (enabled(its.site), its.site) if _is_ours(seen, target, its.site) else ()
    removed = there(seen, (*site, *its.nginx))
    if not is_alone(seen, target):
        return Leftovers(removed, replaced=tuple(_nobodys(seen, target)))
    default = (ENABLED, SITE) if _is_ours(seen, target, SITE) else ()
    # A link goes before what it leads to: one that leads nowhere keeps Nginx from taking anything.
    gone = [path for path in default if original(path) not in seen.entries]
    names = File(NAMES_FILE, render(NAMES_FILE.removeprefix("/")))
    if names.is_in_place(seen.entries.get(NAMES_FILE)):
        gone.append(NAMES_FILE)
    gone += there(seen, [NGINX_OUTLASTS.path])
    restored = _changed(seen, (NGINX, *reversed(default)))
    return Leftovers((*there(seen, gone), *removed), restored)


def _is_ours(seen: Observation, target: Target, site: str) -> bool:
    """Whether a deployment has put a site's file there, and it is no person's own."""
    is_its = recorded(seen, target.layout.user).site == site
    return is_its or seen.texts.get(site, "").startswith(WRITTEN)


def _nobodys(seen: Observation, target: Target) -> list[Declared]:
    """Who answers for names that nobody has, where the project has done so for its neighbours."""
    if recorded(seen, target.layout.user).site != SITE:
        return []
    others = neighbours(seen, target.layout.user)
    wanted = target.files.nobodys(https=any(one.has_tls for one in others))
    return out_of_place(wanted, seen.entries)


def nginx_lags(seen: Observation, target: Target) -> bool:
    """Whether Nginx may still serve what is no longer in its files, after a run that was cut."""
    is_up = seen.units.get("nginx", Unit()).active == "active"
    return is_up and is_here(seen, target) and not has_read(seen, seen.nginx_changed)


def is_here(seen: Observation, target: Target) -> bool:
    """Whether root still has it written down that the project is on the host."""
    return str(target.layout.library) in seen.entries


def was_here(seen: Observation, target: Target) -> bool:
    """Whether a deployment is known to have been here: by what it has written, or has left.

    The name alone says nothing: it may be that of a person, or of a folder of the system's.
    """
    return (
        is_here(seen, target)
        or has_left_data(seen, target)
        or account_before(seen, target) is not None
    )


def was_live(seen: Observation, target: Target) -> bool:
    """Whether a deployment has come beyond the making of the project's user."""
    return bool(recorded(seen, target.layout.user).program) or has_left_data(seen, target)


def has_left_data(seen: Observation, target: Target) -> bool:
    """Whether there are logs or dumps of the project's, which outlive it."""
    layout = target.layout
    logs, dumps = (seen.entries.get(str(path)) for path in (layout.logs, layout.backups))
    has_logs = logs is not None and (logs.kind, logs.owner) == ("directory", "root")
    is_its_group = logs is not None and (logs.group, logs.mode) == (layout.log_group, "750")
    return (has_logs and (is_its_group or str(layout.release_log) in seen.entries)) or (
        dumps is not None and (dumps.kind, dumps.mode, dumps.owner) == ("directory", "700", "root")
    )


def programs(seen: Observation, target: Target) -> list[str]:
    """Supervisor's files of the project's, that of the site first."""
    its = Belongings(target.layout).program
    return [*there(seen, [its]), *programs_beside(seen, target.layout.user)]


def understudies(seen: Observation, target: Target) -> list[str]:
    """Units of a release that was about to take over."""
    return [Path(path).name for path in seen.entries if path.startswith(target.layout.understudies)]


def schedules(seen: Observation, target: Target) -> list[str]:
    """The units of schedules, without suffixes."""
    return sorted(unit_of(target, name) for name in scheduled(seen, target))


def supervisor_is_others(seen: Observation, target: Target) -> bool:
    """Whether supervisord, or its unit, has a file of its own that a project has put there."""
    entry, socket = seen.entries.get(SUPERVISOR), seen.entries.get(SOCKET)
    if not is_alone(seen, target):
        return False
    if SUPERVISOR_OUTLASTS.path in seen.entries:
        return True
    if original(SUPERVISOR) not in seen.entries:
        return False
    if _changed(seen, (SUPERVISOR,)):
        return True
    is_up = seen.units.get("supervisor", Unit()).active == "active"
    return bool(is_up and entry and socket and seen.changed_since(entry, socket.modified))


def socket_is_to_open(seen: Observation, target: Target) -> bool:
    """Whether supervisord's socket is root's, and one project is left, whose user may have it."""
    others = [one for one in neighbours(seen, target.layout.user) if one.program]
    is_closed = SOCKET in seen.entries and socket_is(seen, CLOSED)
    return len(others) == 1 and (is_closed or not is_made_open(seen))


def files(seen: Observation, target: Target) -> tuple[str, ...]:
    """What else is root's."""
    return (
        *there(seen, Belongings(target.layout).files),
        *left_by(seen, target.layout.user),
    )


def traces(seen: Observation, target: Target) -> tuple[str, ...]:
    """What tells that the project is here, and what was kept for the day on which it is not."""
    shared = (ORIGINALS,) if is_alone(seen, target) else ()
    return there(seen, (*shared, str(target.layout.library)))


@dataclass(frozen=True)
class Account:
    """What an account was like before the first deployment."""

    user: User
    had_log_group: bool
    """Whether there was a group of its name, which is the logs' now."""
    has_projects_home: bool
    """Whether the project's home was its own, or had it in it."""
    mode: str
    """Of the home that a project has, where it was there; else empty, as the group is."""
    group: str


def account_before(seen: Observation, target: Target) -> Account | None:
    """Of the user who was there; None where a deployment has made him."""
    lines = seen.texts.get(Belongings(target.layout).account, "").split("\n")
    if len(lines) < 6 or seen.user is None:
        return None
    home, shell, group, groups, log_group, of_home = lines[:6]
    mode, _, homes_group = of_home.partition(" ")
    user = User(home, shell, group, frozenset(groups.split()) - {group})
    return Account(user, bool(log_group), seen.user_lived_here, mode, homes_group)


def there(seen: Observation, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of some paths that the host has."""
    return tuple(path for path in paths if path in seen.entries)


def _changed(seen: Observation, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Those that are not as they were before the first project, as far as that was kept."""
    return tuple(
        path
        for path in paths
        if original(path) in seen.entries
        and _content(seen.entries.get(path)) != _content(seen.entries[original(path)])
    )


def _content(entry: Entry | None) -> tuple[str, ...]:
    if entry is None:
        return ()
    return (entry.kind, entry.mode, entry.owner, entry.group, entry.target, entry.sha256)
