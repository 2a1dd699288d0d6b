"""Static files."""

from collections.abc import Sequence
from pathlib import PurePosixPath
from posixpath import join
from urllib.parse import urlsplit

from stack.looking.finding import moving
from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names, Value
from stack.settings import Settings

BUILT = ("staticfiles.json", "admin/css/base.css", "admin/css/base.css.gz")
"""What collectstatic leaves, and nobody writes."""


def find(
    project: Project, modules: Modules, names: Names, server_names: Sequence[str], found: Found
) -> None:
    """Find the settings static_url and collectstatic, and a place for what is collected."""
    url = url_path(names.get("STATIC_URL"))
    if url and url != "/static/":
        found.set("static_url", url)
    tell_of_host("STATIC_URL", "static_url", names, server_names, found)
    apps = names.sequence("INSTALLED_APPS")
    if apps and not any("staticfiles" in str(one) for one in apps):
        found.set("collectstatic", False, "INSTALLED_APPS have no django.contrib.staticfiles")
    content = names.content("STATIC_ROOT")
    root = project.place(content) if content else None
    if root and any(project.source.read(join(root, name)) is not None for name in BUILT):
        found.set("collectstatic", False, f"{root} is committed as collectstatic leaves it")
    value = names.get("STATIC_ROOT")
    if value and is_outside(project, value) and found.settings.get("collectstatic", True):
        variables = moving.deciding(value, names, found)
        text = f"{value.path}:{value.line}: STATIC_ROOT is {value.content}, outside of the source"
        text += ", and a release has its own"
        found.wrong.append(f"{text}: {moving.told(modules, variables)}")
        below = moving.below_src(project, "staticfiles", "")
        moving.move("STATIC_ROOT", below, value, modules, variables, found)


def tell_of_host(
    name: str, setting: str, names: Names, server_names: Sequence[str], found: Found
) -> None:
    """Say of a URL that it has a host which this server is not."""
    value = names.get(name) or Value()
    host = urlsplit(value.content).hostname if isinstance(value.content, str) else None
    if not host or host in [one.removeprefix(".").lower() for one in server_names]:
        return
    pulls = "finds them"
    if not url_path(value):
        served = Settings.model_fields[setting].default
        pulls = f"needs {served} as its origin's path"
    variables = moving.unless(moving.deciding(value, names, found))
    found.say(
        setting,
        f"{value.path}:{value.line}: {name} is {value.content}, and this server does not answer "
        f"there{variables}: a CDN there that pulls from this server {pulls}; without one, have "
        f"{name} name no host",
    )


def is_outside(project: Project, value: Value) -> bool:
    """Whether it is the path of a folder that is not in the source."""
    is_path = isinstance(value.content, str | PurePosixPath)
    return is_path and str(value.content)[:1] == "/" and project.place(value.content) is None


def url_path(value: Value | None) -> str:
    """The path of a URL, with / at both ends; empty when it is not known, or is none."""
    if value is None or not isinstance(value.content, str):
        return ""
    path = urlsplit(value.content).path.strip("/")
    return f"/{path}/" if path else ""
