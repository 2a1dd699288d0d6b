"""Static files."""

from pathlib import PurePosixPath
from posixpath import join
from urllib.parse import urlsplit

from stack.looking.finding.found import Found, told_by
from stack.looking.project import Project
from stack.looking.reading.values import Names, Value

BUILT = ("staticfiles.json", "admin/css/base.css", "admin/css/base.css.gz")
"""What collectstatic leaves, and nobody writes."""


def find(project: Project, names: Names, found: Found) -> None:
    """Find the settings static_url and collectstatic."""
    url = url_path(names.get("STATIC_URL"))
    if url and url != "/static/":
        found.set("static_url", url)
    apps = names.sequence("INSTALLED_APPS")
    if apps and not any("staticfiles" in str(one) for one in apps):
        found.set("collectstatic", False, "INSTALLED_APPS have no django.contrib.staticfiles")
    content = names.content("STATIC_ROOT")
    root = project.place(content) if content else None
    if root and any(project.source.read(join(root, name)) is not None for name in BUILT):
        found.set("collectstatic", False, f"{root} is committed as collectstatic leaves it")
    _tell_outside(project, names, found)


def _tell_outside(project: Project, names: Names, found: Found) -> None:
    """Tell what a release cannot have below itself."""
    for name, why in (
        ("STATIC_ROOT", "a release, which has its own, is refused with it"),
        ("MEDIA_ROOT", "Nginx does not serve that by itself"),
    ):
        value = names.get(name)
        if value is None or not isinstance(value.content, str | PurePosixPath):
            continue
        if str(value.content).startswith("/") and project.place(value.content) is None:
            text = f"{value.path}:{value.line}: {name} is {value.content}, outside of the source"
            found.wrong.append(f"{text}; {why}{told_by(value)}")


def url_path(value: Value | None) -> str:
    """The path of a URL, with / at both ends; empty when it is not known, or is none."""
    if value is None or not isinstance(value.content, str):
        return ""
    path = urlsplit(value.content).path.strip("/")
    return f"/{path}/" if path else ""
