"""Other projects of ours on a host, and what is theirs: pure functions of what was read."""

import re
from collections.abc import Iterable

from stack.host.observation import Observation
from stack.host.recorded import Project
from stack.project.layout import Layout
from stack.project.nginx_files import enabled
from stack.project.supervisor_files import PROGRAMS
from stack.project.target import Target
from stack.state.server_blocks import servers_in


def neighbours(seen: Observation, user: str) -> list[Project]:
    """The other projects on the host.

    Args:
        user: that of this project.
    """
    return [project for project in seen.projects if project.name != user]


def owner_of_postgresql(seen: Observation, user: str) -> str:
    """The other project that has the host's PostgreSQL; empty when none has.

    Args:
        user: that of this project.
    """
    return next((one.name for one in neighbours(seen, user) if one.has_database), "")


def recorded(seen: Observation, user: str) -> Project:
    """What is written down of this project."""
    return next((one for one in seen.projects if one.name == user), Project(user))


def arrives(seen: Observation, user: str) -> bool:
    """Whether a project has its first run here: others cannot know yet what it has of the host."""
    return not recorded(seen, user).program


def names_of(seen: Observation, project: Project) -> tuple[str, ...]:
    """Those of a project's site: what is written down, and what its file serves.

    They differ after a deployment of other names that failed; an earlier version wrote none down.
    """
    text = seen.nginx_files.get(enabled(project.site), "") if project.site else ""
    served = {name for server in servers_in(text) for name in server.names}
    return tuple(sorted({*project.names, *served}))


def nginxs_files(projects: Iterable[Project]) -> set[str]:
    """The files of Nginx's that are theirs, by each path that leads there."""
    projects = list(projects)
    sites = [project.site for project in projects if project.site]
    understudies = [str(Layout(project.name).understudy_file) for project in projects]
    return {*sites, *map(enabled, sites), *understudies}


def owner_of_program(path: str, user: str, others: Iterable[Project]) -> str:
    """Whose a file of Supervisor's is, for a site or beside it; empty when it is nobody's.

    By what is written down of the others, and then by its name, where the longer one wins:
    `shop-staging-worker.conf` is that of shop-staging, and not of shop.

    Args:
        user: that of this project.
    """
    others = [project for project in others if project.program]
    for project in others:
        if path in program_files(project):
            return project.name
    names = [user, *(project.name for project in others)]
    return max((name for name in names if _may_be_of(path, name)), key=len, default="")


def declared_by(seen: Observation, project: Project, user: str) -> set[str]:
    """What files of another project's declare of what was looked for: also those of a program that
    is not written down, as its run was cut.

    Args:
        user: that of this project.
    """
    others = neighbours(seen, user)
    return {
        name
        for path, said in seen.supervisor_strays
        if project.name == owner_of_program(path, user, others)
        for name in names_in(said)
    }


def names_in(said: str) -> list[str]:
    """The names that a line of Supervisor's declares, or takes into a group."""
    return re.findall(r"[^][:=,\s]+", said)[1:]


def program_files(project: Project) -> set[str]:
    """The files of what Supervisor runs beside a project's site."""
    return {f"{PROGRAMS}/{project.name}-{name}.conf" for name in project.programs}


def programs_beside(seen: Observation, user: str) -> list[str]:
    """The files on the host of what Supervisor runs beside this project's site."""
    others = neighbours(seen, user)
    return [
        path
        for path in sorted(seen.entries)
        if path.startswith(f"{PROGRAMS}/{user}-")
        and path.endswith(".conf")
        and owner_of_program(path, user, others) == user
    ]


def taken_from(project: Project, user: str) -> list[str]:
    """The files of a project's that would be those of a new one, by its name."""
    return sorted(path for path in program_files(project) if _may_be_of(path, user))


def _may_be_of(path: str, name: str) -> bool:
    return path == f"{PROGRAMS}/{name}.conf" or path.startswith(f"{PROGRAMS}/{name}-")


def served_by(seen: Observation, target: Target) -> str:
    """The file that Nginx serves the site from, where it is not the declared one; else empty."""
    before = recorded(seen, target.layout.user).site
    is_there = enabled(before) in seen.nginx_files
    return before if before != target.files.site_file and is_there else ""
