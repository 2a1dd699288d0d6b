"""What a host still has of a project that is leaving: pure functions of what was read."""

from dataclasses import dataclass

from stack.host.files import Declared, File, out_of_place
from stack.host.observation import Entry, Observation, Unit
from stack.project import firewall
from stack.project.leaving import NGINX, ORIGINALS, SUPERVISOR, Belongings, original
from stack.project.nginx_files import ENABLED, NAMES_FILE, NGINX_OUTLASTS, SITE, enabled
from stack.project.rendering import render
from stack.project.site import WRITTEN
from stack.project.supervisor_files import SUPERVISOR_OUTLASTS
from stack.project.target import Target
from stack.state.interpreters import left_by
from stack.state.neighbours import neighbours, programs_beside, recorded
from stack.state.presence import is_alone, is_here, there
from stack.state.schedules import scheduled, unit_of
from stack.state.services import CLOSED, SOCKET, has_read, is_made_open, socket_is
from stack.state.understudies import former_folders


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


def of_nginx(seen: Observation, target: Target) -> Leftovers:
    """Files of Nginx's. The server's default is somebody's for as long as a project is there."""
    its = Belongings(target.layout)
    site = (enabled(its.site), its.site) if _is_ours(seen, target, its.site) else ()
    removed = there(seen, (*site, *its.nginx))
    if not is_alone(seen, target):
        return Leftovers(removed, replaced=tuple(_nobodys(seen, target)))
    shared = shared_of_nginx(seen, target)
    return Leftovers((*shared.removed, *removed), shared.restored)


def shared_of_nginx(seen: Observation, target: Target) -> Leftovers:
    """Those that all projects share, once none is left that needs them."""
    default = (ENABLED, SITE) if _is_ours(seen, target, SITE) else ()
    # A link goes before what it leads to: one that leads nowhere keeps Nginx from taking anything.
    gone = [path for path in default if original(path) not in seen.entries]
    names = File(NAMES_FILE, render(NAMES_FILE.removeprefix("/")))
    if names.is_in_place(seen.entries.get(NAMES_FILE)):
        gone.append(NAMES_FILE)
    gone += there(seen, [NGINX_OUTLASTS.path])
    restored = _changed(seen, (NGINX, *reversed(default)))
    return Leftovers(there(seen, gone), restored)


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


def programs(seen: Observation, target: Target) -> list[str]:
    """Supervisor's files of the project's, that of the site first."""
    its = Belongings(target.layout).program
    return [*there(seen, [its]), *programs_beside(seen, target.layout.user)]


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
        *former_folders(seen, target.layout),
        *left_by(seen, target.layout.user),
    )


def traces(seen: Observation, target: Target) -> tuple[str, ...]:
    """What tells that the project is here.

    Its rules go with that: another run would take one that is here and has none for one that has
    not spoken yet.
    """
    layout = target.layout
    return there(seen, (firewall.path_of(layout.user), str(layout.library)))


def is_to_give_back(seen: Observation, target: Target) -> bool:
    """Whether what the first project has replaced is kept for nobody but this one."""
    return is_alone(seen, target) and ORIGINALS in seen.entries


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
