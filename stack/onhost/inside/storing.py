"""What Django keeps uploads with."""

import os
from collections.abc import Iterator
from urllib.parse import quote

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage


def is_in_files(storage: object) -> bool:
    """Whether a storage keeps what it has in files of the server."""
    try:
        return isinstance(storage, FileSystemStorage)
    except Exception:  # of a project's own storage, which may want what is not there
        return False


def unopened() -> Iterator[str]:
    """A line about a storage that fails as soon as an upload comes."""
    try:
        default_storage.exists  # noqa: B018 - Django makes it at the first look at what it has
    except Exception as error:  # a project's own may raise anything
        declared = [os.environ.get(name, "") for name in os.environ["DECLARED"].split()]
        words = " ".join(f"{type(error).__name__}: {error}".split())
        for secret in sorted({*declared, *map(quote, declared)} - {""}, key=len, reverse=True):
            words = words.replace(secret, "***")
        yield f"UPLOADS CANNOT BE KEPT: the storage {_backend()} ends in {words}."


def _backend() -> str:
    # Before Django 4.2 it is a setting of its own.
    storages = getattr(settings, "STORAGES", {"default": {}})
    return str(storages["default"].get("BACKEND") or getattr(settings, "DEFAULT_FILE_STORAGE", ""))
