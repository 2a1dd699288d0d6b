"""A project, and what is found of it."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from stack.looking import look, printed
from stack.settings import Settings, load
from stack.settings.against_source import source_problems

MANAGE = """
import os
import sys

from django.core.management import execute_from_command_line

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}")
execute_from_command_line(sys.argv)
"""
WSGI = """
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}")
application = get_wsgi_application()
"""
SETTINGS = """
import os
from pathlib import Path
LOGGING_CONFIG = None
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["shop.example.com"]
INSTALLED_APPS = ["django.contrib.staticfiles", "shop"]
STATIC_URL = "static/"
"""
APP = {
    "manage.py": MANAGE.format("shop.settings"),
    "shop/__init__.py": "",
    "shop/wsgi.py": WSGI.format("shop.settings"),
    "shop/settings.py": SETTINGS,
    "requirements.txt": "django==5.2.*\ngunicorn\n",
}


Look = Callable[..., "Seen"]


class Seen:
    """What was printed of a project, as pyinfra would read it."""

    def __init__(self, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.found = look(str(source))
        inventory, self.text = printed(self.found)
        self.source = source
        self.names: dict[str, Any] = {}
        exec(inventory, self.names)  # noqa: S102 - it is what a person pastes
        assert self.names.pop("app") == [("203.0.113.10", {"ssh_user": "root"})]
        exec(self.text, self.names)  # noqa: S102
        del self.names["__builtins__"]
        self.secret = {one for one, its in self.names.get("env", {}).items() if callable(its)}
        for name in self.secret:
            monkeypatch.setenv(name, f"its {name}")
        assert max(map(len, self.text.splitlines())) <= 100

    @property
    def settings(self) -> Settings:
        """They load, and have no problem with the project that they are for."""
        settings = load(self.names, "web1")
        assert source_problems(settings) == []
        return settings

    def loads(self) -> None:
        """That they do."""
        assert self.settings.project == self.names["project"]

    @property
    def plain(self) -> dict[str, Any]:
        """What is set, but for what every project has; of env the names."""
        plain = {name: its for name, its in self.names.items() if name[:5] != "from_"}
        assert plain.pop("project") == "shop"
        assert plain.pop("source") == str(self.source)
        assert plain.pop("server_name") == "shop.example.com"
        return plain | ({"env": [*plain["env"]]} if "env" in plain else {})

    def on_servers(self, **environment: str) -> dict[str, Any]:
        """What the settings module of `files` makes of the source's, where Python runs it."""
        [(path, text)] = self.names["files"].items()
        src = self.source / self.names.get("src", ".")
        (src / path).write_text(text)
        its = {"SECRET_KEY": "any", **environment}
        code = (
            f"import runpy; its = runpy.run_path({str(src / path)!r});"
            "print({one: it for one, it in its.items() if one.isupper()})"
        )
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=src, env=its, capture_output=True, check=True
        )
        found: dict[str, Any] = eval(done.stdout, {"PosixPath": Path})  # noqa: S307
        return found

    @property
    def wrong(self) -> str:
        return "\n".join(self.found.wrong)


def moved(files: Mapping[str, str], folder: str) -> dict[str, str | None]:
    """The same in a folder."""
    return dict.fromkeys(files) | {f"{folder}/{name}": its for name, its in files.items()}


PYPROJECT = """
[project]
name = "shop"
version = "1"
requires-python = ">=3.13"
dependencies = ["django"]

[project.optional-dependencies]
production = ["gunicorn", "psycopg2"]
s3 = ["django-storages"]

[dependency-groups]
dev = ["django-debug-toolbar"]
search = ["django-haystack"]
"""
