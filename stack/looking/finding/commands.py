"""Commands of a release that apps of the project ask for, and what HTTPS asks for."""

from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.values import Names


def find(project: Project, names: Names, found: Found) -> None:
    """Find the setting commands."""
    steps: dict[str, list[str]] = {}
    if _catalogues(project):
        steps["before_static"] = ["manage.py compilemessages"]
        found.say("commands", "its translations (.po) are not committed as .mo")
        found.add("extra_packages", ["gettext"], "compilemessages runs msgfmt")
    offline = names.get("COMPRESS_OFFLINE")
    if "compressor" in str(_content(names, "INSTALLED_APPS")) and offline and offline.content:
        steps["after_static"] = ["manage.py compress"]
        found.say("commands", "COMPRESS_OFFLINE has django-compressor serve what this makes")
    if "DatabaseCache" in str(_content(names, "CACHES")):
        steps["after_migrate"] = ["manage.py createcachetable"]
        found.say("commands", "the cache is in the database, in a table of its own")
    if steps:
        found.set("commands", steps)
    redirect = names.get("SECURE_SSL_REDIRECT")
    if redirect and redirect.is_known and redirect.content:
        found.say("server_name", 'SECURE_SSL_REDIRECT sends visitors to HTTPS: set tls = "acme"')


def _content(names: Names, name: str) -> object:
    value = names.get(name)
    return value.content if value else None


def _catalogues(project: Project) -> bool:
    """Whether there are translations without what Django reads of them."""
    there = {*project.paths}
    its = [path for path in there if path.endswith("/LC_MESSAGES/django.po")]
    return any(f"{path.removesuffix('.po')}.mo" not in there for path in its)
