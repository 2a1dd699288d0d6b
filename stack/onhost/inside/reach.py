"""Why the project's database cannot be reached, in one line."""

import os
import re
import sys
import threading
from pathlib import Path
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from django.db import connections

from .sqlite import sqlite_path

CONNECT_SECONDS = 10


def main() -> None:
    """Say it, when that is so."""
    if problem := unreachable():
        print(problem)
        sys.exit(1)


def unreachable() -> str:
    """An empty string when it can be reached, or is a file that migrating makes."""
    if connections["default"].vendor == "unknown":
        return ""
    if connections["default"].vendor == "sqlite":
        return _unmade()
    told: list[str] = []
    # Drivers wait in C, where no signal of Python's reaches them.
    asking = threading.Thread(target=lambda: told.append(_refused()), daemon=True)
    asking.start()
    asking.join(CONNECT_SECONDS)
    refused = told[0] if told else f"no answer in {CONNECT_SECONDS} s"
    return refused and f"{_database()} cannot be reached: {refused}. {_where_from()}"


def _unmade() -> str:
    """Why the file of SQLite's is not there, and cannot be made."""
    path = sqlite_path(str(connections["default"].settings_dict["NAME"]))
    file = (Path(os.environ["RELEASE_FOLDER"]) / "src" / path).resolve()
    if not path or os.path.exists(file) or os.access(file.parent, os.W_OK | os.X_OK):
        return ""
    there = file.parent.is_dir()
    lacks = f"is not {os.environ['USER']}'s to write to" if there else "is not there"
    return f"The SQLite database {file} cannot be made: {file.parent} {lacks}. {_where_from()}"


def _refused() -> str:
    connection = connections["default"]
    try:
        connection.ensure_connection()
        connection.close()
    except Exception as error:  # each driver has its own, and not all are Django's
        if isinstance(error, ImproperlyConfigured):
            return ""  # which whoever needs it will say
        words = " ".join(f"{error}".split()) or type(error).__name__
        password = str(connection.settings_dict.get("PASSWORD") or "")
        for secret in filter(None, {password, quote(password), quote(password, safe="")}):
            words = words.replace(secret, "***")
        return words.rstrip(".?")
    return ""


def _database() -> str:
    values = connections["default"].settings_dict
    port = f":{values['PORT']}" if values.get("PORT") else ""
    where = f"{values.get('HOST') or 'this host'}{port}"
    return f"The database {values.get('NAME')} of {values.get('USER') or 'nobody'} at {where}"


def _where_from() -> str:
    """Which setting tells where it is: the variables of `env` that hold what Django was told."""
    values = connections["default"].settings_dict
    declared = os.environ.get("DECLARED", "").split()
    for wanted in filter(None, (str(values.get("HOST") or ""), str(values.get("NAME") or ""))):
        whole = re.compile(rf"(?<![\w.-]){re.escape(wanted)}(?![\w.-])")
        names = [name for name in declared if whole.search(os.environ.get(name, ""))]
        if names:
            return f"Its location comes from {' and '.join(names)} in the setting env."
    return "Its location comes from the project's own DATABASES; set its variables in env."
