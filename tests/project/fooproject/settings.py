"""Settings of the sample project: everything that differs between machines is in the environment.

DEBUG=1, SECRET_KEY, ALLOWED_HOSTS (a,b,c), DATABASE_URL, RELEASE_ID.
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

# Several Gunicorn workers write at once. WAL lets readers go on meanwhile, and IMMEDIATE takes the
# write lock at the start: a transaction that upgrades later fails at once, whatever the timeout.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;",
}


def database(url: str) -> dict[str, Any]:
    """The entry in DATABASES of a sqlite:///PATH or postgres://USER:PASSWORD@HOST:PORT/NAME."""
    parts = urlsplit(url)
    name = unquote(parts.path[1:])
    if parts.scheme == "sqlite" and name:
        path = BASE_DIR / name
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": path, "OPTIONS": SQLITE_OPTIONS}
    if parts.scheme in ("postgres", "postgresql") and name:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": name,
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(parts.hostname or ""),
            "PORT": str(parts.port or ""),
        }
    # The URL may hold a password, so it stays out of the message.
    raise ImproperlyConfigured(
        "DATABASE_URL: expected sqlite:///PATH or postgres://USER:PASSWORD@HOST:PORT/NAME"
    )


DEBUG = os.environ.get("DEBUG") == "1"

SECRET_KEY = os.environ.get("SECRET_KEY", "")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY is not set (it has a default only when DEBUG=1)")
    SECRET_KEY = "insecure, for development only"

HOSTS = "fooproject.se,localhost,127.0.0.1,[::1]"
ALLOWED_HOSTS = [host.strip() for host in os.environ.get("ALLOWED_HOSTS", HOSTS).split(",")]

# Nginx sets this header itself on every request, whatever the visitor sent.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTOCOL", "https")

RELEASE_ID = os.environ.get("RELEASE_ID", "development")

INSTALLED_APPS = ["django.contrib.staticfiles", "guestbook"]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "fooproject.urls"
WSGI_APPLICATION = "fooproject.wsgi.application"

TEMPLATES = [{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}]

if DEBUG:
    # On a server this folder is linked in from outside the release, so nothing may make it there.
    (BASE_DIR / "data").mkdir(exist_ok=True)
DATABASES = {"default": database(os.environ.get("DATABASE_URL") or "sqlite:///data/db.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "static"
MEDIA_URL = "media/"
MEDIA_ROOT = BASE_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "INFO", "propagate": False}},
}
