"""Has Django collect the static files of a release."""

import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from .static import NOTE


def main() -> None:
    """Into the folder that is named, of a project without STATIC_ROOT."""
    _collect(os.environ["COLLECT_INTO"])


def is_collected() -> bool:
    """Do it in this start of Django, and leave the release's `.collected`; whether all is done.

    What goes wrong is nobody's concern yet: it is tried again by itself, and told then.
    """
    release = Path(os.environ["RELEASE_FOLDER"]).resolve()
    with suppress(Exception, SystemExit):
        root, _, whose = (release / NOTE).read_text().partition("\n")
        if root:
            _collect(str(release / root) if whose.strip() == "ours" else "")
            (release / ".collected").touch()
        return True
    return False


def _collect(into: str) -> None:
    if into:
        settings.STATIC_ROOT = into
    call_command("collectstatic", interactive=False, verbosity=0)
