"""Files that pages ask another host for, which a CDN may answer, or nobody."""

import json
import os
from collections.abc import Iterator
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import default_storage

from .static import is_of_another
from .storing import is_in_files


def asked_of_others() -> Iterator[str]:
    """Lines about them. A bucket that holds them itself is no matter of this server's."""
    if apps.is_installed("django.contrib.staticfiles") and is_in_files(staticfiles_storage):
        yield from _asked("STATIC_URL", "static_url", os.environ["STATIC"])
    if os.environ["MEDIA"] and is_in_files(default_storage):
        yield from _asked("MEDIA_URL", "media_url", os.environ["MEDIA_AT"])


def _asked(name: str, setting: str, wanted: str) -> Iterator[str]:
    asked = str(getattr(settings, name) or "")
    url = urlsplit(asked)
    if not is_of_another(url.hostname):
        return
    path = f"/{url.path.strip('/')}/"
    if path == "//":
        pulls = f"needs {wanted} as its origin's path"
    elif path == wanted:
        pulls = "finds them"
    else:
        pulls = f"finds them with {setting} = {json.dumps(path)}"
    yield (
        f"FILES ARE ASKED OF ANOTHER HOST: {name} is {asked}, and Nginx serves {wanted} here. A "
        f"CDN there that pulls from this server {pulls}. Without one, have {name} name no host."
    )
