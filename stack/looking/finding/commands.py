"""Commands of a release that apps of the project ask for."""

import re

from stack.looking.finding import modules_of_node, node
from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.values import Names

BEFORE_STATIC = {
    "django_tailwind_cli": "manage.py tailwind build",
    "tailwind": "manage.py tailwind build",
    "sass_processor": "manage.py compilescss",
}
"""By apps whose style sheets are made, while DEBUG is off, by their command alone."""
TAILWIND = "TAILWIND_CLI_AUTOMATIC_DOWNLOAD"
OF_OWN = ("TAILWIND_CLI_PATH", "TAILWIND_CLI_USE_SYSTEM_BINARY")
"""Settings of django-tailwind-cli by which a program of the server's is used, and none is had."""
CATALOGUE = re.compile(r"/LC_MESSAGES/django(js)?\.po$")
MOST = 3


def find(project: Project, names: Names, found: Found) -> None:
    """Find the setting commands."""
    steps: dict[str, list[str]] = {}
    lacking, catalogues = _catalogues(project)
    if len(lacking) * 2 > catalogues:
        steps["before_static"] = ["manage.py compilemessages"]
        found.say("commands", "its translations (.po) are not committed as .mo")
        found.add("extra_packages", ["gettext"], "compilemessages runs msgfmt")
    elif lacking:
        # The project compiles its own, and what it left out may be what does not compile.
        found.say("commands", f"without a .mo, and so not in use: {', '.join(lacking[:MOST])}")
    if links := modules_of_node.links(project, names):
        steps["before_static"] = [*steps.get("before_static", []), *links]
    if sheets := _style_sheets(project, names, found):
        steps["before_static"] = [*steps.get("before_static", []), *sheets]
    if "statici18n" in str(names.content("INSTALLED_APPS")):
        step = _step_of_catalogues(names)
        steps[step] = [*steps.get(step, []), "manage.py compilejsi18n"]
        found.say("commands", "statici18n serves what compilejsi18n makes of the translations")
    offline = names.content("COMPRESS_OFFLINE")
    if offline and "compressor" in str(names.content("INSTALLED_APPS")):
        steps["after_static"] = [*steps.get("after_static", []), "manage.py compress"]
        found.say("commands", "COMPRESS_OFFLINE has django-compressor serve what compress makes")
    if "DatabaseCache" in str(names.content("CACHES")):
        steps["after_migrate"] = ["manage.py createcachetable"]
        found.say("commands", "the cache is in the database, in a table of its own")
    if steps:
        found.set("commands", steps)


def _style_sheets(project: Project, names: Names, found: Found) -> list[str]:
    """What makes those of apps that have a command for it."""
    its: list[str] = []
    for app, command in BEFORE_STATIC.items():
        if app not in names.sequence("INSTALLED_APPS") or node.theme(project, names, app):
            continue
        if app == "django_tailwind_cli" and _is_to_be_had(names, found):
            its.append("manage.py tailwind download_cli")
            found.say("commands", f"{TAILWIND} is off, and so build would not have its program")
        its.append(command)
        found.say("commands", f"{app} has style sheets that {command.split()[1]} makes")
    return its


def _is_to_be_had(names: Names, found: Found) -> bool:
    """Whether django-tailwind-cli has its program only from a command of its own."""
    value = names.get(TAILWIND)
    # Where DEBUG is True in the source, the module for servers says it anew of what follows it.
    is_off = any(line.startswith(f"{TAILWIND} = ") for line in found.overriding)
    is_off |= value is not None and value.is_known and not value.content
    return is_off and not any(map(names.content, OF_OWN))


def _step_of_catalogues(names: Names) -> str:
    """When statici18n's are made: before static files are collected, if they are among them."""
    root = names.content("STATICI18N_ROOT")
    into_collected = root is None or str(root) == str(names.content("STATIC_ROOT"))
    return "after_static" if into_collected else "before_static"


def _catalogues(project: Project) -> tuple[list[str], int]:
    """The translations without what Django reads of them, and how many translations there are."""
    there = {*project.paths}
    its = [path for path in project.paths if CATALOGUE.search(path)]
    return [path for path in its if f"{path.removesuffix('.po')}.mo" not in there], len(its)
