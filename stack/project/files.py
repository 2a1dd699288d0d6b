"""The files of root's that a host is to have, by concern."""

import hashlib
import json

from stack.host.files import Declared, Directory, File, Link, Site, written
from stack.onhost import package, script
from stack.project.layout import Project
from stack.project.rendering import render

PROGRAMS = "/etc/supervisor/conf.d"
SITE = "/etc/nginx/sites-available/default"
"""The site, under the name that the article gives it."""
ENABLED = "/etc/nginx/sites-enabled/default"
UNIT_OF_NGINX = "/etc/systemd/system/nginx.service.d"
"""What is added to the unit of Nginx's."""


def login(project: Project) -> list[Declared]:
    """virtualenvwrapper for the user, at login."""
    text = render("etc/profile.d/PROJECT.sh", project=project)
    return [File(f"/etc/profile.d/{project.user}.sh", text)]


def logs(project: Project) -> list[Declared]:
    """The folder of the logs, for the user alone to read, and their rotation."""
    text = render("etc/logrotate.d/PROJECT", project=project)
    return [
        Directory(str(project.logs), "750", project.log_group),
        File(f"/etc/logrotate.d/{project.user}", text),
    ]


def supervisor(project: Project) -> list[Declared]:
    """supervisord's own configuration."""
    return [File("/etc/supervisor/supervisord.conf", render("etc/supervisor/supervisord.conf"))]


def program(project: Project) -> File:
    """Supervisor's program of the site, which carries a digest of itself.

    Supervisor hands the digest to the process, and so the process tells which version of this
    file it was started from.
    """

    path = f"{PROGRAMS}/{project.user}.conf"
    return File(path, _program(project, program_id(project)))


def program_id(project: Project) -> str:
    """The digest that the program's file carries: of the file without it."""
    return hashlib.sha256(_program(project, "").encode()).hexdigest()[:12]


def _program(project: Project, program_id: str) -> str:
    return render(
        "etc/supervisor/conf.d/PROJECT.conf",
        project=project,
        settings=project.settings,
        program_id=program_id,
    )


def programs(project: Project) -> dict[str, File]:
    """The files of Supervisor's other programs, by the programs' names."""

    def text(name: str, program_id: str) -> str:
        return render(
            "etc/supervisor/conf.d/PROJECT-PROGRAM.conf",
            project=project,
            name=name,
            program=project.settings.programs[name],
            program_id=program_id,
        )

    return {
        name: File(
            f"{PROGRAMS}/{project.user}-{name}.conf",
            text(name, hashlib.sha256(text(name, "").encode()).hexdigest()[:12]),
        )
        for name in project.settings.programs
    }


def nginx() -> list[Declared]:
    """Nginx's own configuration, and that it serves the site."""
    return [File("/etc/nginx/nginx.conf", render("etc/nginx/nginx.conf")), Link(ENABLED, SITE)]


def site(project: Project) -> list[Declared]:
    """The site; with a front, also when Nginx starts and stops."""
    text = render("etc/nginx/sites-available/default", project=project, settings=project.settings)
    files: list[Declared] = [Site(SITE, written(text))]
    if project.front:
        text = render("etc/systemd/system/nginx.service.d/PROJECT.conf", project=project)
        files.append(File(f"{UNIT_OF_NGINX}/{project.user}.conf", text))
    return files


def balancer(project: Project) -> list[Declared]:
    """The Nginx of a host that balances over the app hosts; nothing without a front."""
    if not project.front:
        return []
    text = render(
        "etc/nginx/sites-available/default-balancer", project=project, front=project.front
    )
    return [*nginx(), File(SITE, written(text))]


def switch(project: Project) -> list[Declared]:
    """The script that puts a release live, what it knows of the project, and that for dumps."""
    settings = project.settings
    values = {
        "user": project.user,
        "program": settings.program,
        "program_file": program(project).path,
        "site_file": SITE,
        "bind": settings.bind,
        "wsgi": settings.wsgi,
        "workers": settings.workers,
        "timeout_seconds": settings.timeout_seconds,
        "health_path": settings.health_path,
        "health_host": project.health_host,
        # Whether there is a front that may say https to Nginx.
        "https": bool(settings.trusted_proxies or project.front),
        "logs": str(project.logs),
    }
    folder = project.library / "switch"
    return [
        Directory(str(project.library)),
        Directory(str(folder)),
        *(File(str(folder / name), text) for name, text in package("switch").items()),
        File(values_of_the_switch(project), json.dumps(values, indent=4) + "\n"),
        File(f"{project.library}/database.py", script("database")),
    ]


def values_of_the_switch(project: Project) -> str:
    """The path of the file with what the script knows of the project."""
    return f"{project.library}/switch.json"


def traces_of_a_switch(project: Project) -> tuple[str, ...]:
    """What is there only while a release takes over, or after that was cut."""
    return (f"/etc/nginx/conf.d/{project.user}-understudy.conf", f"/run/{project.user}-understudy")


def understudies(project: Project) -> str:
    """How the paths of the units begin that are there only while a release takes over."""
    return f"/run/systemd/transient/{project.user}-understudy-"


def everything(project: Project) -> list[Declared]:
    """All of the above."""
    return [
        *login(project),
        *logs(project),
        *supervisor(project),
        program(project),
        *programs(project).values(),
        *nginx(),
        *site(project),
        *switch(project),
    ]
