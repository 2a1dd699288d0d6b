"""What goes live: the project at a revision, what it needs, and what becomes of it on the way."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from stack.settings.check import Check, Listed, at_least
from stack.settings.commands import COMMAND, Commands
from stack.settings.environment import ANY_NAME, ENV, ENV_NAME
from stack.settings.model.part import Part
from stack.settings.names import EXTRA, USER
from stack.settings.paths import (
    APART,
    BELOW,
    MIRROR,
    PATTERN,
    PYTHON,
    RELATIVE,
    REVISION,
    SOUGHT,
    SOURCE,
    files_apart,
)
from stack.settings.secret import resolve


class ReleaseSettings(Part, frozen=True):
    """The descriptions are those of docs/settings.md."""

    project: Annotated[str, USER] = Field(
        "fooproject",
        description="the project's user; its home, virtualenv and file names derive from it",
    )
    source: Annotated[str, SOURCE] = Field(
        description="the Django project on the controller: a git repository's path or URL, "
        "or a plain folder",
    )
    revision: Annotated[str, REVISION] = Field(
        "HEAD", description="branch, tag or commit, when `source` is a git repository"
    )
    src: Annotated[str, RELATIVE] = Field(
        ".",
        description="the folder inside `source` that holds manage.py; it becomes ~/PROJECT/src",
    )
    requirements: Annotated[str, SOUGHT] = Field(
        "requirements.txt",
        description="where the dependencies are, inside `src` or above it: a requirements file, "
        "a pyproject.toml, or a uv.lock (exported on the controller, hashes kept); "
        "gunicorn, or what `server` says, is added if absent, and `${NAME}` is replaced from "
        "`env`, or from this machine's environment where `build_env` names it",
    )
    extras: Annotated[Listed[Annotated[str, EXTRA]], Check("a list of names of extras")] = Field(
        (), description="extras of a pyproject.toml or uv.lock that a server needs too"
    )
    groups: Annotated[Listed[Annotated[str, EXTRA]], Check("a list of names of groups")] = Field(
        (),
        description="dependency groups of a pyproject.toml or uv.lock that a server needs too; "
        "no others are installed, not even `dev` and uv's default groups",
    )
    python: Annotated[str, PYTHON] = Field(
        "python3",
        description="what virtualenvs are made with: an interpreter on the host, or a version "
        '(`"3.14"`) that uv brings, once for each host',
    )
    python_mirror: Annotated[str, MIRROR] = Field(
        "",
        description="where that comes from, if not its builders' server: the URL of a mirror, "
        "or of a .json file with uv's list of builds",
    )
    build: Annotated[Listed[Annotated[str, COMMAND]], Check("a list of commands")] = Field(
        (),
        description="commands run on this machine, in a clean copy of the source, such as "
        '`["npm ci", "npm run build"]`: hosts get the result',
    )
    build_env: Annotated[Listed[Annotated[str, ANY_NAME]], Check("a list of names")] = Field(
        (),
        description="variables of this machine's environment that `build` sees besides PATH, and "
        "that requirements may ask for",
    )
    files: Annotated[
        Mapping[Annotated[str, BELOW], Annotated[SecretStr, BeforeValidator(resolve)]],
        Check("a dict of paths relative to src and texts", files_apart),
    ] = Field(
        {},
        description="files that a release has besides its source, by their paths relative to "
        '`src`: `{"netbox/configuration.py": from_file("…")}`; secret, readable by the user alone',
    )
    env: Annotated[
        Mapping[Annotated[str, ENV_NAME], Annotated[SecretStr, BeforeValidator(resolve)]], ENV
    ] = Field(
        {},
        description="environment of the Django process and of manage.py: DJANGO_SETTINGS_MODULE, "
        "SECRET_KEY, DATABASE_URL …; text, whole numbers, or functions that return them; "
        "all values are treated as secret",
    )
    shared: Annotated[Listed[Annotated[str, BELOW]], APART] = Field(
        (),
        description="paths, relative to `src`, that live outside the releases and are linked in: "
        "media, a SQLite database",
    )
    disposable: Annotated[Listed[Annotated[str, PATTERN]], Check("a list of patterns")] = Field(
        (),
        description="paths, relative to `src` (`*` stands for anything), of files that the project "
        "writes and that may be lost: logs, caches; a release that has written others holds up "
        "the next one",
    )
    collectstatic: Annotated[bool, Check("True or False")] = Field(
        True, description="whether a release runs `manage.py collectstatic`"
    )
    commands: Commands = Field(
        {},
        description="what else a release runs on its hosts, with its code and environment: lists "
        "of commands, such as `manage.py compress`, for `before_static` and `after_static`, "
        "`first_migration` (once, when the database had none), `after_migrate`, `after_switch`; "
        "a failure ends the release, except in `after_switch`, where it is only reported",
    )
    migrate: Annotated[Literal["once", "each", "off"], Check('"once", "each" or "off"')] = Field(
        "once",
        description='"once": on one host, for the database that all share; "each": every host '
        'has a database of its own (SQLite); "off"',
    )
    dump_before_migrate: Annotated[bool, Check("True or False")] = Field(
        False,
        description="keep a dump of the database (PostgreSQL, SQLite) with each release that has "
        "migrations to apply; `restore.py` puts it back",
    )
    keep_releases: Annotated[int, at_least(1)] = Field(
        5,
        description="how many releases stay on disk; the live one and the one before it always do",
    )
