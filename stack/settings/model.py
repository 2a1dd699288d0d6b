"""The settings: name, type, default, help text and check of each, in one place."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, SecretStr

from stack.settings.check import Check, Listed, OneOrListed, at_least, between
from stack.settings.commands import COMMAND, Commands
from stack.settings.environment import ANY_NAME, ENV, ENV_NAME, PASSWORD, PEM, resolve
from stack.settings.names import ASGI, EXTRA, GROUP, PACKAGE, PROGRAM, USER, WORKER_CLASS, WSGI
from stack.settings.network import (
    ADDRESS,
    BIND,
    DIRECTORY,
    EMAIL,
    HEALTH_PATH,
    IP_ADDRESS,
    NETWORK,
    SERVER_NAME,
    SERVER_NAMES,
    SIZE,
    SWAP_SIZE,
    URL_PATH,
)
from stack.settings.nginx import Headers
from stack.settings.paths import (
    APART,
    BELOW,
    BELOW_OR_NONE,
    MIRROR,
    PATTERN,
    PYTHON,
    RELATIVE,
    REVISION,
    SOURCE,
)
from stack.settings.programs import Programs
from stack.settings.schedules import Schedules
from stack.settings.waves import Waves


def _default_wsgi(values: dict[str, Any]) -> str:
    # pydantic before 2.12 asks for it even when the project was refused.
    return f"{values.get('project', 'project')}.wsgi"


class Settings(
    BaseModel,
    frozen=True,
    strict=True,
    extra="forbid",
    validate_default=True,
    hide_input_in_errors=True,
):
    """What one host is to be. The descriptions are those of docs/settings.md."""

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
    requirements: Annotated[str, BELOW] = Field(
        "requirements.txt",
        description="what lists the dependencies, inside `src` or above it: a requirements file, "
        "a pyproject.toml, or a uv.lock (exported on the controller, hashes kept); "
        "gunicorn, or what `server` says, is added if absent, and `${NAME}` is put in from `env` "
        "or the controller's own",
    )
    python: Annotated[str, PYTHON] = Field(
        "python3",
        description="what virtualenvs are made with: an interpreter on the host, or a version "
        '(`"3.14"`) that uv brings, once for each host',
    )
    python_mirror: Annotated[str, MIRROR] = Field(
        "",
        description="where that comes from in place of its builders' server: the URL of a mirror, "
        "or of a .json file with uv's list of builds",
    )
    build: Annotated[Listed[Annotated[str, COMMAND]], Check("a list of commands")] = Field(
        (),
        description="commands for this machine, in a clean copy of the source, such as "
        '`["npm ci", "npm run build"]`: hosts get what they leave',
    )
    build_env: Annotated[Listed[Annotated[str, ANY_NAME]], Check("a list of names")] = Field(
        (), description="variables of this machine's environment that `build` sees besides PATH"
    )
    shared: Annotated[Listed[Annotated[str, BELOW]], APART] = Field(
        (),
        description="paths, relative to `src`, that live outside the releases and are linked in: "
        "media, a SQLite database",
    )
    disposable: Annotated[Listed[Annotated[str, PATTERN]], Check("a list of patterns")] = Field(
        (),
        description="paths, relative to `src` (`*` stands for anything), of files that the project "
        "writes and nobody misses: logs, caches; a release that has written others holds up the "
        "next one",
    )
    wsgi: Annotated[str, WSGI] = Field(
        default_factory=_default_wsgi, description="WSGI module, or module:callable"
    )
    server: Annotated[Literal["gunicorn", "uwsgi"], Check('"gunicorn" or "uwsgi"')] = Field(
        "gunicorn",
        description='what runs the app: "gunicorn", or "uwsgi", which is compiled on the host',
    )
    asgi: Annotated[str, ASGI] = Field(
        "",
        description="ASGI module, or module:callable, in place of `wsgi`: it gets WebSockets too; "
        "uvicorn-worker is added if absent",
    )
    program: Annotated[str, PROGRAM] = Field("django", description="Supervisor program name")
    server_name: Annotated[OneOrListed[Annotated[str, SERVER_NAME]], SERVER_NAMES] = Field(
        ("fooproject.se",), description="one host name or a list"
    )
    redirect_names: Annotated[
        Listed[Annotated[str, SERVER_NAME]], Check("a list of host names")
    ] = Field(
        (),
        description="host names that lead to the first `server_name`, path and query kept: "
        '`["www.example.com"]`',
    )
    user_group: Annotated[str, GROUP] = Field("users", description="primary group of the user")
    extras: Annotated[Listed[Annotated[str, EXTRA]], Check("a list of names of extras")] = Field(
        (), description="extras of a pyproject.toml or uv.lock that a server needs too"
    )
    groups: Annotated[Listed[Annotated[str, EXTRA]], Check("a list of names of groups")] = Field(
        (),
        description="dependency groups of a pyproject.toml or uv.lock that a server needs too; "
        "no other is installed, `dev` and uv's default groups among them",
    )
    user_groups: Annotated[Listed[Annotated[str, GROUP]], Check("a list of group names")] = Field(
        ("sudo", "nogroup"),
        description="further groups of the user (`wheel` where a system has no `sudo`)",
    )
    workers: Annotated[int, at_least(1)] = Field(3, description="the app server's processes (`-w`)")
    timeout_seconds: Annotated[int, at_least(1)] = Field(
        60, description="a process that is silent for longer is replaced (`-t`)"
    )
    worker_class: Annotated[str, WORKER_CLASS] = Field(
        "",
        description='gunicorn\'s kind of worker (`-k`): "gthread", "gevent" …; by itself it is '
        '"sync", and with `asgi` uvicorn\'s',
    )
    threads: Annotated[int, at_least(1)] = Field(1, description="threads of each process")
    max_requests: Annotated[int, at_least(0)] = Field(
        0, description="a process is replaced after so many requests; 0 for never"
    )
    max_requests_jitter: Annotated[int, at_least(0)] = Field(
        0, description="up to how many more, by chance, so that they are not replaced all at once"
    )
    bind: Annotated[str, BIND] = Field(
        "127.0.0.1:8000", description='where the app server listens: ADDRESS:PORT or "unix:/path"'
    )
    client_max_body_size: Annotated[str, SIZE] = Field(
        "50M", description="the largest request that Nginx takes"
    )
    trusted_proxies: Annotated[
        Listed[Annotated[str, NETWORK]], Check("a list of IP addresses and networks")
    ] = Field(
        (),
        description="addresses and networks of fronts (a TLS proxy, a CDN) whose word on the "
        "visitor's address and scheme counts; with hosts in `lb`, app hosts trust those",
    )
    default_server: Annotated[bool, Check("True or False")] = Field(
        True,
        description="the site answers for names that nobody has; `False` beside another project "
        "on the server, and then one of them does, or such a visitor gets no answer",
    )
    tls: Annotated[Literal["off", "acme", "files"], Check('"off", "acme" or "files"')] = Field(
        "off",
        description='HTTPS: "acme" gets certificates from Let\'s Encrypt, or `tls_server`, and '
        'renews them; "files" are `tls_certificate` and `tls_key`; with hosts in `lb` it is theirs',
    )
    tls_email: Annotated[str, EMAIL] = Field(
        "", description="whom the CA may write to about the account of each host"
    )
    tls_server: Annotated[str, DIRECTORY] = Field(
        "", description="the ACME directory of another CA than Let's Encrypt"
    )
    tls_certificate: Annotated[SecretStr, PEM, BeforeValidator(resolve)] = Field(
        SecretStr(""),
        description="PEM: the site's certificate and its chain, `from_file(…)`",
    )
    tls_key: Annotated[SecretStr, PEM, BeforeValidator(resolve)] = Field(
        SecretStr(""), description="PEM: its private key, `from_file(…)`"
    )
    env: Annotated[
        Mapping[Annotated[str, ENV_NAME], Annotated[SecretStr, BeforeValidator(resolve)]], ENV
    ] = Field(
        {},
        description="environment of the Django process and of manage.py: DJANGO_SETTINGS_MODULE, "
        "SECRET_KEY, DATABASE_URL …; text, whole numbers, or functions that return them; "
        "all values are treated as secret",
    )
    programs: Programs = Field(
        {},
        description="what Supervisor runs beside the site, with the same code, environment and "
        'user, by name: `{"worker": "celery -A fooproject worker"}`, or with '
        '`{"command": …, "stop_seconds": 60}` for a command',
    )
    schedules: Schedules = Field(
        {},
        description="commands that run at their times, by name: "
        '`{"clearsessions": {"command": "manage.py clearsessions", "when": "daily"}}`; with '
        '`"hosts": "each"` on each app host, else on the inventory\'s first',
    )
    health_path: Annotated[str, HEALTH_PATH] = Field(
        "/",
        description="a page that answers 2xx with the first `server_name` as Host; redirects to "
        "the same page, by https or with a slash more, are followed, and from `/` to any page of "
        "the site",
    )
    maintenance_page: Annotated[SecretStr, BeforeValidator(resolve)] = Field(
        SecretStr(""),
        description="HTML: what visitors get while maintenance.py has closed the site, "
        "`from_file(…)`; a plain page without it",
    )
    maintenance_allow: Annotated[
        Listed[Annotated[str, IP_ADDRESS]], Check("a list of IP addresses")
    ] = Field((), description="addresses of visitors who get the site all the same")
    unavailable_page: Annotated[SecretStr, BeforeValidator(resolve)] = Field(
        SecretStr(""),
        description="HTML: what visitors get with a 502 or 504, when the app does not answer, "
        "`from_file(…)`",
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
    waves: Waves = Field(
        (1, "25%", "100%"),
        description="over several hosts, how many have switched to a release once each wave of "
        "the rollout has: numbers of hosts, or percentages of them, rounded up; each wave has a "
        "host at least, and `[]` is all at once",
    )
    gate_seconds: Annotated[int, at_least(0)] = Field(
        10,
        description="over several hosts, how long all that have switched must answer "
        "`health_path` after each wave, before the next one",
    )
    notify: Annotated[Listed[Annotated[str, COMMAND]], Check("a list of commands")] = Field(
        (),
        description="commands for this machine when a run has ended that changed something: what "
        "and how is in their environment, as DEPLOY_RESULT and the like",
    )
    on_failure: Annotated[Literal["revert", "stop"], Check('"revert" or "stop"')] = Field(
        "revert",
        description='when a rollout over several hosts fails: "revert", and the hosts that have '
        'switched go back to what each served before; "stop", and they stay',
    )
    collectstatic: Annotated[bool, Check("True or False")] = Field(
        True, description="`manage.py collectstatic` is a step of a release"
    )
    commands: Commands = Field(
        {},
        description="what else a release does on its hosts, with its code and environment: lists "
        "of commands, such as `manage.py compress`, for `before_static` and `after_static`, "
        "`first_migration` (once, when the database had none), `after_migrate`, `after_switch`; "
        "one that fails ends the release, but for the last, which is told",
    )
    response_headers: Headers = Field(
        {},
        description='headers that Nginx adds to every answer: `{"Referrer-Policy": "same-origin"}`',
    )
    nginx_server: Annotated[
        SecretStr,
        BeforeValidator(resolve),
    ] = Field(
        SecretStr(""),
        description="lines of Nginx's for the site's server block, as text or `from_file(…)`; "
        "Nginx is asked whether it takes them",
    )
    files: Annotated[
        Mapping[Annotated[str, BELOW], Annotated[SecretStr, BeforeValidator(resolve)]],
        Check("a dict of paths relative to src and texts", MappingProxyType),
    ] = Field(
        {},
        description="files that a release has besides its source, by their paths relative to "
        '`src`: `{"netbox/configuration.py": from_file("…")}`; secret, for the user alone',
    )
    static_url: Annotated[str, URL_PATH] = Field(
        "/static/",
        description="where Nginx serves what Django collects: the path of STATIC_URL; what is "
        "not among it is asked of Django",
    )
    media_root: Annotated[str, BELOW_OR_NONE] = Field(
        "",
        description="the folder of uploads (MEDIA_ROOT), relative to `src`: it is kept as `shared` "
        "is, and Nginx serves it to everybody",
    )
    media_url: Annotated[str, URL_PATH] = Field(
        "/media/", description="where Nginx serves `media_root`: the path of MEDIA_URL"
    )
    keep_releases: Annotated[int, at_least(1)] = Field(
        5,
        description="how many releases stay on disk; the live one and the one before it always do",
    )
    extra_packages: Annotated[
        Listed[Annotated[str, PACKAGE]], Check("a list of Debian packages")
    ] = Field((), description="more Debian packages (libpq-dev …)")
    automatic_updates: Annotated[bool, Check("True or False")] = Field(
        False,
        description="the server installs Debian's security updates every day, by "
        "unattended-upgrades; it never reboots by itself",
    )
    firewall: Annotated[bool, Check("True or False")] = Field(
        False,
        description="the server lets in nobody but to SSH, and those whom it serves: visitors, "
        "balancers to app hosts, app hosts to PostgreSQL",
    )
    swap: Annotated[str, SWAP_SIZE] = Field(
        "",
        description='the size of a swap file on the server, such as "512M" or "2G": a build may '
        "need more memory than a small server has",
    )
    address: Annotated[str, ADDRESS] = Field(
        "",
        description="the IP address by which this host and the others reach each other, where "
        "that is not the one in the inventory",
    )
    database_password: Annotated[SecretStr, PASSWORD, BeforeValidator(resolve)] = Field(
        SecretStr(""),
        description="of the database's role, on the host in the group `db`: text, or a function "
        "that returns it",
    )
    dump_hour: Annotated[int, between(0, 23)] = Field(
        3, description="when the database is dumped, by its host's clock"
    )
    keep_dumps: Annotated[int, at_least(1)] = Field(
        14, description="how many of the nightly dumps stay on disk"
    )

    @property
    def outliving(self) -> tuple[str, ...]:
        """The paths, relative to `src`, that outlive releases: `shared`, and the uploads."""
        media = PurePosixPath(self.media_root)
        around = {str(one) for one in (media, *media.parents)}
        return (
            *self.shared,
            *([str(media)] if self.media_root and not around & {*self.shared} else []),
        )
