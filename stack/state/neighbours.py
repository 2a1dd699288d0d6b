"""Other projects of ours on a host, and what is theirs: pure functions of what was read."""

from collections.abc import Iterable, Iterator

from stack.host.files import Declared
from stack.host.observation import Observation
from stack.host.recorded import Project
from stack.inventory.roles import APP, DB, LB
from stack.project.nginx_files import ENABLED, SITE, enabled
from stack.project.site import is_as_written
from stack.project.supervisor_files import PROGRAMS
from stack.project.target import Target
from stack.state.server_blocks import DEBIANS, NOBODYS, servers_in


def neighbours(seen: Observation, user: str) -> list[Project]:
    """The other projects on the host.

    Args:
        user: that of this project.
    """
    return [project for project in seen.projects if project.name != user]


def recorded(seen: Observation, user: str) -> Project:
    """What is written down of this project."""
    return next((one for one in seen.projects if one.name == user), Project(user))


def names_of(seen: Observation, project: Project) -> tuple[str, ...]:
    """Those of a project's site, by its file where they are not written down."""
    if project.names or not project.site:
        return project.names
    text = seen.nginx_files.get(enabled(project.site), "")
    return tuple(sorted({name for server in servers_in(text) for name in server.names}))


def nginxs_files(projects: Iterable[Project]) -> set[str]:
    """The files of Nginx's that are theirs, by each path that leads there."""
    projects = list(projects)
    sites = [project.site for project in projects if project.site]
    understudies = [f"/etc/nginx/conf.d/{project.name}-understudy.conf" for project in projects]
    return {*sites, *map(enabled, sites), *understudies}


def is_program_file(path: str, project: Project) -> bool:
    """Whether a file of Supervisor's is a project's, for its site or beside it."""
    start = f"{PROGRAMS}/{project.name}"
    return bool(project.program) and (path == f"{start}.conf" or path.startswith(f"{start}-"))


def refusal(seen: Observation, target: Target) -> str:
    """What of the settings is another project's on the host, for a person; empty when nothing."""
    problems = [
        problem
        for project in neighbours(seen, target.layout.user)
        for problem in _problems(seen, target, project)
    ]
    return " ".join([*problems, "Nothing was changed."]) if problems else ""


def _problems(seen: Observation, target: Target, project: Project) -> Iterator[str]:
    if _is_renamed(seen, target, project):
        yield (
            f'project = "{target.layout.user}": this host serves {" ".join(target.names)} for '
            f"{project.name}, at the same address. Is that the project's old name? Keep "
            f'project = "{project.name}"; or have it leave first, with remove.py --data '
            f"project={project.name}."
        )
        return
    owner = f"is that of {project.name} on this host"
    if target.roles & {APP, LB}:
        yield from _of_nginx(seen, target, project, owner)
    if APP in target.roles and project.bind:
        yield from _of_programs(target, project, owner)
    if target.settings.swap and project.swap not in ("", target.settings.swap):
        yield (
            f'swap = "{target.settings.swap}": {project.name} on this host has "{project.swap}", '
            "and there is one swap file; set the size in one of the two."
        )
    if DB in target.roles and project.has_database:
        yield (
            f"PostgreSQL on this host is {project.name}'s, and lets in nobody else; put another "
            "host into the group db, or set DATABASE_URL in env to a database of your own."
        )


def _is_renamed(seen: Observation, target: Target, project: Project) -> bool:
    """Whether another project has all of this one's names and its address: it may be this one."""
    theirs = {name.lower() for name in names_of(seen, project)}
    is_there = APP not in target.roles or _collide(target.settings.bind, project.bind)
    is_served = bool(target.roles & {APP, LB}) and bool(project.site)
    return is_served and is_there and {name.lower() for name in target.names} <= theirs


def _of_nginx(seen: Observation, target: Target, project: Project, owner: str) -> Iterator[str]:
    if target.settings.default_server and project.site == SITE:
        yield (
            f"default_server: {project.name} answers here for names that nobody has; set "
            "default_server = False."
        )
    if _in_nginx(target.layout.user) == _in_nginx(project.name):
        yield (
            f'project = "{target.layout.user}": {project.name} on this host has that name in '
            "Nginx's variables, which have _ for -; set project to another name."
        )
    theirs = {name.lower() for name in names_of(seen, project)}
    for name in target.names:
        if name.lower() in theirs:
            yield f'server_name "{name}" {owner}; take it out of one of the two.'


def _in_nginx(project: str) -> str:
    return project.replace("-", "_")


def _of_programs(target: Target, project: Project, owner: str) -> Iterator[str]:
    settings = target.settings
    if _collide(settings.bind, project.bind):
        is_socket = settings.bind.startswith("unix:")
        free = "a socket such as unix:/run/NAME.sock" if is_socket else "another port"
        yield f'bind = "{settings.bind}" {owner}; set bind to {free}.'
    theirs = {project.program, *project.programs}
    if settings.program in theirs:
        yield f'program = "{settings.program}" {owner}; set program to another name.'
    for name in settings.programs:
        if name in theirs or is_program_file(target.files.programs[name].path, project):
            yield f'programs["{name}"] {owner}; give it another name.'


def served_by(seen: Observation, target: Target) -> str:
    """The file that Nginx serves the site from, where it is not the declared one; else empty."""
    before = recorded(seen, target.layout.user).site
    is_there = enabled(before) in seen.nginx_files
    return before if before != target.files.site_file and is_there else ""


def _collide(bind: str, other: str) -> bool:
    if bind.startswith("unix:") or other.startswith("unix:"):
        return bind == other
    return bind.rpartition(":")[2] == other.rpartition(":")[2]


def needs_a_nobody(seen: Observation, target: Target) -> bool:
    """Whether somebody has to answer for names that nobody has, and it is for us to say who.

    A person's own file that does so stays; that of Debian's package goes.
    """
    if target.settings.default_server:
        return False
    others = neighbours(seen, target.layout.user)
    is_ours = served_by(seen, target) == SITE
    if any(one.site == SITE for one in others) or (_is_somebodys(seen) and not is_ours):
        return False
    return not any(
        path not in (SITE, ENABLED)
        and any("*:80" in server.addresses and server.is_default_at("*:80") for server in servers)
        for path, servers in ((path, servers_in(text)) for path, text in seen.nginx_files.items())
    )


def _is_somebodys(seen: Observation) -> bool:
    """Whether the file that would say so has a site in it: one that no package and no run left."""
    text = seen.nginx_files.get(ENABLED, "")
    return not is_as_written(text) and any(
        server.names - NOBODYS or server.addresses - DEBIANS for server in servers_in(text)
    )


def nobodys(seen: Observation, target: Target) -> list[Declared]:
    """What answers for names that nobody has, where it is for us to say."""
    if not needs_a_nobody(seen, target):
        return []
    return target.files.nobodys(https=any_has_tls(seen, target))


def any_has_tls(seen: Observation, target: Target) -> bool:
    """Whether a site on the host is served by HTTPS."""
    its = target.is_public and target.settings.tls != "off"
    return its or any(one.has_tls for one in neighbours(seen, target.layout.user))
