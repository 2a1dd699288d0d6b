"""Whether what went wrong for a visitor can be looked up."""

import re

from stack.looking.finding.found import Found
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names

SETTINGS = ("LOGGING", "LOGGING_CONFIG")
OTHERWISE = re.compile(
    r"\b(basicConfig|dictConfig|fileConfig|addHandler|sentry_sdk|rollbar|bugsnag|loguru)\b",
    re.IGNORECASE,
)
"""What logs in another way, or tells a service."""
LOGGING = (
    'LOGGING = {"version": 1, "disable_existing_loggers": False, '
    '"handlers": {"console": {"class": "logging.StreamHandler"}}, '
    '"root": {"handlers": ["console"]}}'
)


def tell(project: Project, modules: Modules, module: str, names: Names, found: Found) -> None:
    """Say that no log has the traceback of an error, where the settings leave that to Django."""
    elsewhere = modules.missing or modules.dynaconf or names.get("INSTALLED_APPS") is None
    if elsewhere or any(names.get(one) or one in names.perhaps for one in SETTINGS):
        return
    texts = ((project.source.read(path) or b"").decode(errors="replace") for path in modules.paths)
    if any(map(OTHERWISE.search, texts)):
        return
    found.wrong.append(
        f"{modules.files.path(module)}: there is no LOGGING, so no log has the traceback of an "
        f"error: Django mails it to ADMINS alone; this has it in the app server's log: {LOGGING}"
    )
