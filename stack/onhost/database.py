"""Dump the project's database to a file, or put it back from one.

Runs inside Django, which knows the database, and so the same by hand: docs/releases.md has how.

A dump is what pg_dump writes, or a SQLite database. Putting it back is one transaction: whatever
goes wrong, the database is as it was.
"""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import connection


def dump(path: Path) -> None:
    """Write the file; the database goes on being used meanwhile."""
    new = path.with_name(f".{path.name}.new")
    if connection.vendor == "sqlite":
        copy_sqlite(sqlite_file(), new)
    elif connection.vendor == "postgresql":
        run("pg_dump", "--format=custom", f"--file={new}", *database())
    else:
        sys.exit(f"No dump can be made of {connection.vendor}: set dump_before_migrate = False.")
    new.replace(path)


def restore(path: Path) -> None:
    """Have the database as it was when the file was written, and nothing that came since."""
    if connection.vendor == "sqlite":
        copy_sqlite(path, sqlite_file())
        return
    # A table that a later migration has made is in no dump, and would be in that migration's way.
    with connection.cursor() as cursor:
        tables = [
            connection.ops.quote_name(table.name)
            for table in connection.introspection.get_table_list(cursor)
            if table.type in "tp"
        ]
    connection.close()
    script = path.with_name(f".{path.name}.sql")
    drops = [f"--command=DROP TABLE IF EXISTS {table} CASCADE" for table in tables]
    try:
        run("pg_restore", "--clean", "--if-exists", "--no-owner", f"--file={script}", str(path))
        psql = ["psql", "--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        run(*psql, *drops, f"--file={script}", *database())
    finally:
        script.unlink(missing_ok=True)


def sqlite_file() -> Path:
    name = str(connection.settings_dict["NAME"])
    # SQLite's own form of a path, with options of its own.
    return Path(unquote(urlsplit(name).path) if name.startswith("file:") else name)


def copy_sqlite(source: Path, target: Path) -> None:
    """SQLite's own way, which takes part in its locking."""
    if not source.is_file():
        sys.exit(f"{source} is not a file, so it cannot be copied.")
    with (
        sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True) as reading,
        sqlite3.connect(target) as writing,
    ):
        reading.backup(writing)


def database() -> list[str]:
    """The words with which PostgreSQL's programs are told the database; its password is none."""
    words, environment = connection.client.settings_to_cmd_args_env(connection.settings_dict, [])
    os.environ.update(environment or {})
    return list(words[1:])


def run(program: str, *words: str) -> None:
    if shutil.which(program) is None:
        sys.exit(f"{program} is not there: set extra_packages = ['postgresql-client'].")
    if subprocess.run([program, *words], stdout=subprocess.DEVNULL).returncode:
        sys.exit(f"{program} failed.")


# By hand, the umask would be that of whoever calls: what is written here is for the user alone.
os.umask(0o077)
if "DUMP_TO" in os.environ:
    dump(Path(os.environ["DUMP_TO"]))
elif "RESTORE_FROM" in os.environ:
    restore(Path(os.environ["RESTORE_FROM"]))
