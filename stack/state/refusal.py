"""Settings that are refused, since somebody else on the host has what they ask for."""

from collections.abc import Iterator
from ipaddress import ip_address

from stack.host.observation import Observation
from stack.host.recorded import Project
from stack.inventory.roles import APP, DB, LB
from stack.onhost.switch.listening import meet
from stack.project.leaving import named_after
from stack.project.nginx_files import SITE
from stack.project.site import is_as_written
from stack.project.target import Target
from stack.settings.server_names import claimed
from stack.state.neighbours import (
    declared_by,
    names_of,
    neighbours,
    owner_of_program,
    recorded,
    taken_from,
)
from stack.state.presence import has_left_data
from stack.state.swap import are_one


def refusals(seen: Observation, target: Target) -> Iterator[str]:
    """What of the settings is somebody else's on the host, for a person, a line for each."""
    yield from _taken_names(seen, target)
    for project in neighbours(seen, target.layout.user):
        yield from _problems(seen, target, project)


def _taken_names(seen: Observation, target: Target) -> Iterator[str]:
    """What has the project's name and is no deployment's: Debian's /var/log/lastlog, say."""
    user = target.layout.user
    its_site, others = target.files.site_file, {one.site for one in neighbours(seen, user)}
    site = "" if its_site in others else seen.nginx_files.get(its_site, "")
    if recorded(seen, user) in seen.projects or has_left_data(seen, target) or is_as_written(site):
        return
    ours = {file.path: file for file in target.files.all}
    for path, kind in named_after(target.layout).items():
        entry = seen.entries.get(path)
        if entry is None or (path in ours and ours[path].is_in_place(entry)):
            continue
        is_like_ours = kind == "directory" and entry.owner in ("root", user)
        if entry.kind != kind or not is_like_ours:
            yield (
                f'project = "{user}": {path} exists, and no deployment has made it; set '
                "project to another name, or move it away."
            )


def _problems(seen: Observation, target: Target, project: Project) -> Iterator[str]:
    if _is_renamed(seen, target, project):
        yield (
            f'project = "{target.layout.user}": this host serves {" ".join(target.names)} for '
            f"{project.name}, at the same address. Is that the project's old name? Keep "
            f'project = "{project.name}"; or have it leave first, with remove.py --data '
            f"project={project.name}."
        )
        return
    owner = f"belongs to {project.name} on this host"
    if target.roles & {APP, LB}:
        yield from _of_nginx(seen, target, project, owner)
    if APP in target.roles and project.bind:
        yield from _of_programs(seen, target, project, owner)
    if target.settings.swap and project.swap and not are_one(target.settings.swap, project.swap):
        yield (
            f'swap = "{target.settings.swap}": {project.name} on this host has "{project.swap}", '
            "and there is one swap file; set the size in one of the two."
        )
    if DB in target.roles and project.has_database:
        yield (
            f"PostgreSQL on this host is {project.name}'s, and serves no other one; put another "
            "host into the group db, or set DATABASE_URL in env to a database of your own."
        )


def _is_renamed(seen: Observation, target: Target, project: Project) -> bool:
    """Whether another project has all of this one's names and its address: it may be this one."""
    theirs = claimed(names_of(seen, project))
    is_there = APP not in target.roles or _collide(target.settings.bind, project.bind)
    is_served = bool(target.roles & {APP, LB}) and bool(project.site)
    return is_served and is_there and claimed(target.names) <= theirs


def _of_nginx(seen: Observation, target: Target, project: Project, owner: str) -> Iterator[str]:
    if target.settings.default_server and project.site == SITE:
        yield (
            f"default_server: {project.name} is the default site on this host; set "
            "default_server = False."
        )
    if _in_nginx(target.layout.user) == _in_nginx(project.name):
        yield (
            f'project = "{target.layout.user}": {project.name} on this host has that name in '
            "Nginx's variables, which have _ for -; set project to another name."
        )
    theirs = names_of(seen, project)
    for name in target.names:
        if found := next((one for one in theirs if claimed([one]) & claimed([name])), ""):
            its = "" if found.lower() == name.lower() else f', as "{found}"'
            yield f'server_name "{name}" {owner}{its}; take it out of one of the two.'


def _in_nginx(project: str) -> str:
    return project.replace("-", "_")


def _of_programs(seen: Observation, target: Target, project: Project, owner: str) -> Iterator[str]:
    settings, user = target.settings, target.layout.user
    if _collide(settings.bind, project.bind):
        is_socket = settings.bind.startswith("unix:")
        socket = f"unix:{target.layout.home}/NAME.sock"
        free = f"a socket such as {socket}" if is_socket else "another port"
        yield f'bind = "{settings.bind}" {owner}; set bind to {free}.'
    theirs = {project.program, *project.programs, *declared_by(seen, project, user)}
    if settings.program in theirs:
        yield f'program = "{settings.program}" {owner}; set program to another name.'
    if taken := taken_from(project, user):
        yield f'project = "{user}": {taken[0]} {owner}; set project to another name.'
    for name, file in target.files.programs.items():
        if name in theirs or owner_of_program(file.path, user, [project]) != user:
            yield f'programs["{name}"] {owner}; give it another name.'


def _collide(bind: str, other: str) -> bool:
    if bind.startswith("unix:") or other.startswith("unix:"):
        return bind == other
    (address, _, port), (there, _, its) = bind.rpartition(":"), other.rpartition(":")
    try:
        return port == its and meet(*(ip_address(one.strip("[]")) for one in (address, there)))
    except ValueError:
        return True  # what is written down of theirs is damaged
