"""Projects of every shape, and the settings that are found for each: they load, and fit it."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from stack.looking import LookingError, look, printed
from stack.looking.printing import literal
from stack.looking.reading.modules import Modules
from stack.settings import Settings, load
from stack.settings.against_source import source_problems
from stack.source import resolve
from stack.source.folder import Folder
from tests.unit.running import pyinfra

ROOT = Path(__file__).parents[2]
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

    @property
    def wrong(self) -> str:
        return "\n".join(self.found.wrong)


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    counter = iter(range(100))

    def of(files: Mapping[str, str | None], **settings: str) -> Seen:
        """The project of APP with other files, or with other lines after those of its settings."""
        source = tmp_path / str(next(counter)) / "shop"
        more = settings.get("settings", "")
        for name, text in {**APP, "shop/settings.py": SETTINGS + more, **files}.items():
            if text is not None:
                (source / name).parent.mkdir(parents=True, exist_ok=True)
                (source / name).write_text(text)
        return Seen(source, monkeypatch)

    return of


def moved(files: Mapping[str, str], folder: str) -> dict[str, str | None]:
    """The same in a folder."""
    return dict.fromkeys(files) | {f"{folder}/{name}": its for name, its in files.items()}


def test_a_project_that_is_ready_needs_no_more_than_its_names(seen: Look) -> None:
    its = seen({})
    assert its.settings.wsgi == "shop.wsgi"
    assert its.plain == {"env": ["SECRET_KEY"]}
    assert its.secret == {"SECRET_KEY"}
    assert its.wrong == ""


def test_a_fresh_startproject_is_deployed_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "shop"
    source.mkdir()
    call_command("startproject", "shop", str(source))
    its = Seen(source, monkeypatch)
    settings = its.settings
    assert settings.shared == ("db.sqlite3",)
    assert settings.migrate == "each"
    assert settings.health_path == "/admin/login/"
    for line in ("DEBUG is True", "SECRET_KEY is in the source", "ALLOWED_HOSTS", "requirements"):
        assert line in its.wrong
    assert settings.files["requirements.txt"].get_secret_value() == "django==5.2.*\n"
    # Its own settings stay as they are: a module beside them has what they lack.
    (source / "shop" / "settings_on_servers.py").write_text(
        settings.files["shop/settings_on_servers.py"].get_secret_value()
    )
    asked = "from django.conf import settings as s; print(s.DEBUG, s.ALLOWED_HOSTS, s.SECRET_KEY)"
    env = {name: value.get_secret_value() for name, value in settings.env.items()}
    told = subprocess.check_output(
        [sys.executable, "-c", asked], cwd=source, env={**os.environ, **env}, text=True
    )
    assert told == "False ['shop.example.com'] its SECRET_KEY\n"


def test_src_in_a_folder(seen: Look) -> None:
    its = seen({**moved(APP, "backend"), "docs/example/manage.py": MANAGE.format("x")})
    assert its.plain == {"src": "backend", "env": ["SECRET_KEY"]}
    assert "docs/example" in its.text
    its.loads()


def test_requirements_above_src(seen: Look) -> None:
    files = moved(APP, "backend") | {"requirements.txt": "django\n"}
    del files["backend/requirements.txt"]
    assert seen(files).plain == {"src": "backend", "env": ["SECRET_KEY"]}


def test_a_settings_package_with_a_module_for_production(seen: Look) -> None:
    its = seen(
        {
            "shop/settings.py": None,
            "manage.py": MANAGE.format("shop.settings.dev"),
            "shop/wsgi.py": WSGI.format("shop.settings.dev"),
            "shop/settings/__init__.py": "",
            "shop/settings/base.py": SETTINGS.replace("parent.parent", "parent.parent.parent"),
            "shop/settings/dev.py": "from .base import *\nDEBUG = True\n",
            "shop/settings/production.py": "from .base import *\n"
            "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql',\n"
            "  'NAME': os.environ.get('DB_NAME', 'shop'), 'PASSWORD': os.getenv('DB_PASSWORD')}}\n"
            "MEDIA_ROOT = BASE_DIR / 'media'\n",
        }
    )
    assert its.names["env"]["DJANGO_SETTINGS_MODULE"] == "shop.settings.production"
    assert its.secret == {"SECRET_KEY", "DB_PASSWORD"}
    assert 'DB_NAME is "shop" by default' in its.text
    assert its.settings.media_root == "media"
    assert its.wrong == ""


@pytest.mark.parametrize(
    ("wsgi", "modules", "chosen"),
    [
        ("shop.settings", ["prod", "local"], "shop.settings.prod"),
        ("shop.settings.local", ["base", "local"], "shop.settings.base"),
        ("shop.settings.heroku", ["base", "heroku", "local"], "shop.settings.heroku"),
        ("shop.settings.base", ["base", "production_example"], "shop.settings.base"),
        ("", ["base", "ci", "development"], "shop.settings.base"),
    ],
)
def test_which_settings_module(seen: Look, wsgi: str, modules: list[str], chosen: str) -> None:
    files: dict[str, str | None] = {f"shop/settings/{name}.py": SETTINGS for name in modules}
    files |= {"shop/settings.py": None, "shop/settings/__init__.py": "", "shop/wsgi.py": "app=1"}
    files["manage.py"] = "import django"
    if wsgi:
        files["shop/wsgi.py"] = WSGI.format(wsgi)
    its = seen(files)
    assert its.names["env"]["DJANGO_SETTINGS_MODULE"] == chosen
    assert its.names.get("wsgi") == (None if wsgi else "shop.wsgi:app")
    its.loads()


@pytest.mark.parametrize(
    "text",
    [
        # django-environ
        "import environ\nenv = environ.Env(DEBUG=(bool, True))\n"
        "environ.Env.read_env()\n"
        "SECRET_KEY = env('SECRET_KEY')\nDEBUG = env('DEBUG')\n"
        "ALLOWED_HOSTS = env.list('ALLOWED_HOSTS', default=['localhost'])\n"
        "DATABASES = {'default': env.db()}\n",
        "from environ import Env\nenv = Env()\n"
        "SECRET_KEY = env.str('SECRET_KEY')\nDEBUG = env.bool('DEBUG', default=True)\n"
        "ALLOWED_HOSTS = env.list('ALLOWED_HOSTS', default=[])\n"
        "DATABASES = {'default': env.db('DATABASE_URL')}\n",
        # environs
        "from environs import Env\nenv = Env()\nenv.read_env()\n"
        "SECRET_KEY = env('SECRET_KEY')\nDEBUG = env.bool('DEBUG', True)\nA = env('A', 'a')\n"
        "ALLOWED_HOSTS = env.list('ALLOWED_HOSTS')\n"
        "DATABASES = {'default': env.dj_db_url('DATABASE_URL')}\n",
        # decouple
        "from decouple import Csv, config\nimport dj_database_url\n"
        "SECRET_KEY = config('SECRET_KEY')\nDEBUG = config('DEBUG', default=True, cast=bool)\n"
        "ALLOWED_HOSTS = config('ALLOWED_HOSTS', default='localhost', cast=Csv())\n"
        "DATABASES = {'default': dj_database_url.parse(config('DATABASE_URL'))}\n",
        # os, and a function of the project's own
        "import dj_database_url\nfrom django.core.exceptions import ImproperlyConfigured\n"
        "def get(name):\n    try:\n        return os.environ[name]\n    except KeyError:\n"
        "        raise ImproperlyConfigured(f'set {name}')\n"
        "SECRET_KEY = get('SECRET_KEY')\n"
        "DEBUG = os.environ.get('DEBUG', '1') not in ('0', 'false', 'False')\n"
        "ALLOWED_HOSTS = [h.strip() for h in os.getenv('ALLOWED_HOSTS', '').split(',') if h]\n"
        "DATABASES = {'default': dj_database_url.config(conn_max_age=600)}\n",
    ],
)
def test_ways_to_read_the_environment(seen: Look, text: str) -> None:
    its = seen({}, settings=text)
    assert its.secret == {"SECRET_KEY", "DATABASE_URL"}
    assert its.names["env"]["DEBUG"] == "False"
    assert its.names["env"]["ALLOWED_HOSTS"] == "shop.example.com"
    assert set(its.plain) == {"env"}
    its.loads()
    assert its.wrong == ""


def test_databases_elsewhere(seen: Look) -> None:
    text = (
        "import dj_database_url\n"
        "AGE = int(os.getenv('AGE', '600'))\nMODE = os.getenv('SSL_MODE')\n"
        "DATABASES = {'default': dj_database_url.config(default='postgres://shop:pw@localhost/shop'),\n"
        "  'other': {'ENGINE': 'x', 'HOST': os.getenv('OTHER')}}\n"
        "DATABASES['default']['CONN_MAX_AGE'] = AGE\n"
        "DATABASES['default']['OPTIONS'] = {'sslmode': MODE}\n"
    )
    its = seen({}, settings=text)
    assert its.secret == {"SECRET_KEY", "DATABASE_URL"}
    assert "pw" not in its.text
    in_source = "DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql', 'PASSWORD': 'x'}}\n"
    assert "the database's password is in the source" in seen({}, settings=in_source).wrong


def test_a_database_that_no_variable_changes_or_that_is_not_there_is_told(seen: Look) -> None:
    text = (
        "DATABASES = {{'default': {{'ENGINE': 'django.db.backends.postgresql', 'NAME': 'gtd', "
        "'USER': 'you', 'HOST': {}}}}}\n"
    )
    told = 'no variable says where the database is (NAME "gtd", USER "you")'
    assert told in seen({}, settings=text.format("''")).wrong
    assert told not in seen({}, settings=text.format("os.getenv('HOST')")).wrong
    assert told not in seen({}, settings=text.format("unknown()")).wrong
    apps = "INSTALLED_APPS = ['django.contrib.auth']\n"
    told = "shop.settings has no DATABASES, and apps that need one: set it in files"
    assert told in seen({}, settings=apps).wrong
    assert told not in seen({}, settings="INSTALLED_APPS = ['shop']\n").wrong


BY_CONFIG = """
import configparser
config = configparser.RawConfigParser()
config.read("shop.cfg")
DATA_DIR = config.get("site", "data", fallback=os.environ.get("DATA_DIR", config.get("a", "b")))
SECRET_KEY = open(os.path.join(DATA_DIR, ".secret")).read()
"""
ITS_ENTRY = """
DATABASES = {"default": {"ENGINE": "django.db.backends." + config.get("db", "backend"),
    "NAME": config.get("db", "name", fallback=os.path.join(DATA_DIR, "db.sqlite3"))}}
"""


@pytest.mark.parametrize(
    ("text", "is_told"),
    [(ITS_ENTRY, True), ("DATABASES = config.get('site', 'database')", True), ("", False)],
)
def test_a_database_that_cannot_be_told_is_told_as_such(
    seen: Look, text: str, is_told: bool
) -> None:
    its = seen({}, settings=BY_CONFIG + text)
    assert ("which database there is cannot be told by reading" in its.text) == is_told
    assert ("follows from DATA_DIR" in its.text) == (text == ITS_ENTRY)
    assert its.secret == {"SECRET_KEY"}
    its.loads()


def test_a_default_that_is_not_known_is_one(seen: Look) -> None:
    text = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql',\n"
    text += "  'NAME': os.getenv('DB_NAME', vault.get('name')), 'USER': os.getenv('DB_USER')}}\n"
    its = seen({}, settings=f"import vault\n{text}")
    assert its.secret == {"SECRET_KEY", "DB_USER"}
    assert "DB_NAME has a default, which reading does not tell" in its.text


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("os.environ.get('KEY_OF_SHOP', 'x')", "KEY_OF_SHOP"),
        ("os.environ.get('PEPPER', 'x') + 'y'", "PEPPER"),
        ("vault.get(os.environ.get('ITS_SECRET', 'x'))", "ITS_SECRET"),
        ("vault.get(os.environ.get('DATA', '/data'))", None),
    ],
)
def test_which_variable_is_the_key(seen: Look, text: str, variable: str | None) -> None:
    files = {"shop/settings.py": SETTINGS.replace('os.environ["SECRET_KEY"]', text)}
    assert seen(files).secret == ({variable} if variable else set())


SWITCHED = """
if os.getenv("SQLITE", "False") == "True":
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3",
        "NAME": os.environ.get("DB_NAME", "/var/shop/db.sqlite3")}}
else:
    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("DB_NAME"), "PASSWORD": os.environ.get("DB_PASSWORD"),
        "CONN_MAX_AGE": int(os.environ.get("DB_AGE", "5"))}}
"""
BY_URL = """
if "DATABASE_URL" in os.environ:
    import dj_database_url
    DATABASES["default"] = dj_database_url.parse(os.environ["DATABASE_URL"])
"""


def test_what_switches_the_database_is_told(seen: Look) -> None:
    its = seen({}, settings=SWITCHED)
    # The default of a branch that is not taken is none.
    assert its.secret == {"SECRET_KEY", "DB_NAME", "DB_PASSWORD"}
    assert '"SQLITE": "True" in env has SQLite used' in its.text
    assert "DB_AGE" not in its.text
    its.loads()


def test_a_database_that_can_be_said_in_two_ways_is_said_in_one(seen: Look) -> None:
    its = seen({}, settings=SWITCHED + BY_URL)
    assert its.secret == {"SECRET_KEY", "DATABASE_URL"}
    assert "or, in its place, DB_NAME, DB_PASSWORD" in its.text
    required = SWITCHED.replace('environ.get("DB_NAME")', 'environ["DB_NAME"]')
    its = seen({}, settings=required + BY_URL)
    assert its.secret == {"SECRET_KEY", "DB_NAME", "DB_PASSWORD"}
    assert "DATABASE_URL in env has the place of DB_NAME, DB_PASSWORD" in its.text


def test_a_refusal_of_the_settings_does_not_end_them(seen: Look) -> None:
    text = (
        "import vault\nif vault.sealed():\n    raise ValueError\n"
        "def get(name, default=None):\n    if vault.has(name):\n        return vault.get(name)\n"
        "    return os.getenv(name, default)\n"
        "SECRET_KEY = get('SECRET_KEY', 'insecure')\nSTATIC_URL = '/assets/'\n"
    )
    its = seen({}, settings=text)
    assert its.plain == {"env": ["SECRET_KEY"], "static_url": "/assets/"}


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("DEBUG = int(os.environ.get('DEBUG', 1))", "DEBUG", "0"),
        ("DEBUG = bool(os.environ.get('DEBUG', True))", "DEBUG", ""),
        ("DEBUG = os.environ.get('MODE', 'dev') == 'dev'", "MODE", "False"),
        (
            "import json\nALLOWED_HOSTS = json.loads(os.getenv('H', '[]'))",
            "H",
            '["shop.example.com"]',
        ),
        (
            "URL = os.getenv('SITE_URL', 'http://localhost:8000')",
            "SITE_URL",
            "http://shop.example.com",
        ),
    ],
)
def test_values_are_such_that_the_settings_take_them(
    seen: Look, text: str, name: str, value: str
) -> None:
    its = seen({}, settings=text)
    assert its.names["env"][name] == value
    its.loads()


def test_variables_with_a_default_stay_at_it(seen: Look) -> None:
    text = (
        "A = os.getenv('A', 'a')\nB = os.getenv('B')\nC = os.environ['HOME']\n"
        "try:\n    D = os.environ['D']\nexcept KeyError:\n    D = None\n"
        "if 'E' in os.environ:\n    E = os.environ['E']\n"
        "if not DEBUG:\n    F = os.environ['F']\n"
        "G = os.getenv('G')\nif not G:\n    raise ValueError('set G')\n"
        "SECRET_KEY = os.getenv('SECRET_KEY', 'insecure')\n"
    )
    its = seen({}, settings=text)
    assert its.plain == {"env": ["SECRET_KEY", "F", "G"]}
    assert "its default is in the source" in its.text
    assert "do without: B, D, E" in its.text


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("os.environ['DOMAIN']", "DOMAIN", "shop.example.com"),
        ("os.environ.get('DOMAIN')", "DOMAIN", "shop.example.com"),
        ("os.environ.get('SITE_DOMAIN', 'localhost:8000')", "SITE_DOMAIN", "shop.example.com"),
        ("os.environ['SITE_URL']", "SITE_URL", "http://shop.example.com"),
        ("os.environ.get('SHOP_SITE_URL')", "SHOP_SITE_URL", "http://shop.example.com"),
        ("os.environ.get('SITE_URL', 'http://localhost')", "SITE_URL", "http://shop.example.com"),
        ("os.environ['BASE_URL']", "BASE_URL", "http://shop.example.com"),
        ("os.environ.get('BASE_URL', '')", "BASE_URL", None),
        ("os.environ.get('BASE_URL', '/shop/')", "BASE_URL", None),
        ("os.environ.get('DOMAIN', 'shop.example.net')", "DOMAIN", None),
        ("os.environ.get('COOKIE_DOMAIN')", "COOKIE_DOMAIN", None),
        ("os.environ.get('AWS_S3_CUSTOM_DOMAIN')", "AWS_S3_CUSTOM_DOMAIN", None),
        ("os.environ.get('SITE_URL') if sys.argv[9:] else 5", "SITE_URL", None),
    ],
)
def test_variables_that_say_where_the_site_is(
    seen: Look, text: str, name: str, value: str | None
) -> None:
    its = seen({}, settings=f"import sys\nWHERE = {text}\n")
    assert its.names["env"].get(name) == value
    its.loads()


def test_what_follows_debug_follows_it_on_servers_or_is_told(seen: Look) -> None:
    text = "DEBUG = True\nVITE = DEBUG\nSECURE = not DEBUG\nif DEBUG:\n    A = 1\nB = [DEBUG, 2]\n"
    its = seen({}, settings=f"{text}def c():\n    return DEBUG\n")
    last = len((SETTINGS + text).splitlines())
    assert f"look at shop/settings.py:{last - 2}, shop/settings.py:{last}, and set" in its.wrong
    module = its.names["files"]["shop/settings_on_servers.py"]
    assert module.endswith("\nDEBUG = False\nVITE = DEBUG\nSECURE = not DEBUG\n")


def test_what_no_variable_changes_is_told(seen: Look) -> None:
    text = "SECRET_KEY = 'abc'\nDEBUG = True\nALLOWED_HOSTS = ['localhost']\n"
    its = seen({}, settings=text)
    line = len((SETTINGS + text).splitlines())
    assert f"shop/settings.py:{line - 2}: SECRET_KEY is in the source" in its.wrong
    assert f"shop/settings.py:{line - 1}: DEBUG is True" in its.wrong
    assert f"shop/settings.py:{line}: ALLOWED_HOSTS does not name the server" in its.wrong
    assert its.names["env"]["DJANGO_SETTINGS_MODULE"] == "shop.settings_on_servers"
    its.loads()


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("'NAME': BASE_DIR / 'db.sqlite3'", ["db.sqlite3"]),
        ("'NAME': os.path.join(BASE_DIR, 'data', 'db.sqlite3')", ["data/db.sqlite3"]),
        ("'NAME': 'db.sqlite3'", ["db.sqlite3"]),
        ("'NAME': '/var/lib/shop/db.sqlite3'", None),
        ("'NAME': os.getenv('DB_NAME', f'{BASE_DIR}/db.sqlite3')", ["db.sqlite3"]),
    ],
)
def test_a_sqlite_database_is_shared(seen: Look, text: str, shared: list[str] | None) -> None:
    text = f"DATABASES = {{'default': {{'ENGINE': 'django.db.backends.sqlite3', {text}}}}}\n"
    its = seen({}, settings=text)
    assert its.names.get("shared") == shared
    assert its.names.get("migrate") == ("each" if shared else None)
    its.loads()


ENTRY = "{{'ENGINE': 'django.db.backends.sqlite3', 'NAME': {}}}"


@pytest.mark.parametrize(
    ("text", "env"),
    [
        (
            "import dj_database_url\n"
            "ITS = dj_database_url.parse(os.environ.get('DATABASE_URL', 'sqlite://:memory:'))",
            ["SECRET_KEY", "DATABASE_URL"],
        ),
        (
            "import environ\nITS = environ.Env().db(default='sqlite://:memory:')",
            ["SECRET_KEY", "DATABASE_URL"],
        ),
        (f"ITS = {ENTRY}".format("os.getenv('DB_NAME', ':memory:')"), ["SECRET_KEY", "DB_NAME"]),
        (f"ITS = {ENTRY}".format("'file:shop?mode=memory&cache=shared'"), ["SECRET_KEY"]),
        (f"ITS = {ENTRY}".format("':memory:'"), ["SECRET_KEY"]),
    ],
)
def test_a_database_in_memory_is_told(seen: Look, text: str, env: list[str]) -> None:
    its = seen({}, settings=f"{text}\nDATABASES = {{'default': ITS}}\n")
    (line,) = its.found.wrong
    assert "the database is in memory: everything would be lost at each start" in line
    assert line.endswith("set DATABASES in files") == (env == ["SECRET_KEY"])
    assert its.plain == {"env": env}
    assert its.secret == {*env}
    assert "shared" not in its.text


def test_another_database_is_told_where_one_is_shared(seen: Look) -> None:
    text = "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default="
    word = 'env["DATABASE_URL"], in place of this'
    its = seen({}, settings=f"{text}'sqlite:///db.sqlite3')}}\n")
    assert (its.names.get("shared"), word in its.text) == (["db.sqlite3"], True)
    outside = seen({}, settings=f"{text}'sqlite:////data/db.sqlite3')}}\n")
    assert (outside.names.get("shared"), word in outside.text) == (None, False)
    assert "read these too, and do without: DATABASE_URL" in outside.text


def test_the_folder_of_a_database_is_shared_where_more_is_written_into_it(seen: Look) -> None:
    text = (
        "import dj_database_url\nDATA = BASE_DIR / 'data'\nMEDIA_ROOT = DATA / 'media'\n"
        "DATABASES = {'default': dj_database_url.config(default=f'sqlite:///{DATA}/db.sqlite3')}\n"
        "INDEX = {'PATH': str(DATA / 'index')}\n"
    )
    its = seen({}, settings=text)
    assert its.plain["shared"] == ["data"]
    assert its.plain["media_root"] == "data/media"
    assert 'env["DATABASE_URL"]' in its.text
    its.loads()


def test_other_paths_that_the_site_may_write_to_are_told(seen: Look) -> None:
    text = (
        "MEDIA_ROOT = BASE_DIR / 'media'\nTHUMBS = MEDIA_ROOT / 'thumbs'\n"
        "INDEX = BASE_DIR / 'index'\n"
        "STATIC_ROOT = BASE_DIR / 'static'\nCOMPRESS_ROOT = STATIC_ROOT\nAPP = BASE_DIR / 'shop'\n"
        "TEMPLATES = [{'DIRS': [BASE_DIR / 'templates']}]\n"
        "LOGGING = {'handlers': {'file': {'filename': BASE_DIR / 'debug.log'}}}\n"
        "STATICFILES_DIRS = [BASE_DIR / 'built']\nBUILT = BASE_DIR / 'built' / 'here'\n"
    )
    its = seen({}, settings=text)
    assert "# shared: the settings name index, debug.log too" in its.text
    assert "the build" not in its.text
    building = {"package.json": json.dumps({"scripts": {"build": "x"}})}
    assert "but for what the build makes" in seen(building, settings=text).text


def test_what_lies_above_src_cannot_be_kept(seen: Look) -> None:
    text = (
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3',\n"
        "  'NAME': BASE_DIR.parent / 'db.sqlite3'}}\nMEDIA_ROOT = BASE_DIR.parent / 'media'\n"
    )
    its = seen(moved({**APP, "shop/settings.py": SETTINGS + text}, "backend"))
    assert "the SQLite database is db.sqlite3 in the source, above src" in its.wrong
    assert "MEDIA_ROOT is media in the source, above src" in its.wrong
    assert its.plain == {"src": "backend", "env": ["SECRET_KEY"]}


def test_static_files_and_uploads(seen: Look) -> None:
    text = (
        "STATIC_URL = '/assets/'\nSTATIC_ROOT = BASE_DIR / 'public'\n"
        "MEDIA_URL = 'uploads/'\nMEDIA_ROOT = 'uploads'\n"
    )
    its = seen({"public/staticfiles.json": "{}"}, settings=text)
    assert its.plain == {
        "env": ["SECRET_KEY"],
        "static_url": "/assets/",
        "media_url": "/uploads/",
        "media_root": "uploads",
        "collectstatic": False,
    }
    its.loads()
    apps = seen({}, settings="INSTALLED_APPS = ['shop']\n")
    assert apps.plain == {"env": ["SECRET_KEY"], "collectstatic": False}


def test_static_files_and_uploads_outside_of_the_source_are_told(seen: Look) -> None:
    text = (
        "STATIC_ROOT = os.environ.get('STATIC', '/srv/static')\n"
        "MEDIA_ROOT = Path('/srv/media')\nMEDIA_URL = '/media/'\n"
    )
    its = seen({}, settings=text)
    line = len((SETTINGS + text).splitlines())
    assert f"shop/settings.py:{line - 2}: STATIC_ROOT is /srv/static, outside of the" in its.wrong
    assert "is refused with it, unless STATIC in env says another place" in its.wrong
    assert f"shop/settings.py:{line - 1}: MEDIA_ROOT is /srv/media, outside of the" in its.wrong
    assert "media_root" not in its.names
    its.loads()
    assert "outside" not in seen({}, settings="STATIC_ROOT = ''\nMEDIA_ROOT = None\n").wrong


LOCKED = """
version = 1
requires-python = ">=3.13"

[[package]]
name = "shop"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "django" }]

[package.optional-dependencies]
production = [{ name = "gunicorn" }, { name = "psycopg2" }]

[package.dev-dependencies]
search = [{ name = "django-haystack" }]

[package.metadata]
requires-dist = [
    { name = "django" },
    { name = "gunicorn", marker = "extra == 'production'" },
    { name = "psycopg2", marker = "extra == 'production'" },
]
provides-extras = ["production"]

[package.metadata.requires-dev]
search = [{ name = "django-haystack" }]
"""
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


def locked(name: str) -> str:
    wheel = f"https://example.com/{name.replace('-', '_')}-1.0-py3-none-any.whl"
    return (
        f'[[package]]\nname = "{name}"\nversion = "1.0"\n'
        f'source = {{ registry = "https://example.com/simple" }}\n'
        f'wheels = [{{ url = "{wheel}", hash = "sha256:{"0" * 64}", size = 1 }}]\n'
    )


def test_a_uv_lock_with_extras_and_groups(seen: Look) -> None:
    names = ("django", "gunicorn", "psycopg2", "django-haystack")
    project = PYPROJECT.replace('s3 = ["django-storages"]\n', "")
    its = seen(
        {
            "requirements.txt": None,
            "pyproject.toml": project.replace('dev = ["django-debug-toolbar"]\n', ""),
            "uv.lock": LOCKED + "\n".join(map(locked, names)),
        },
        settings="INSTALLED_APPS += ['haystack']\n",
    )
    assert its.plain == {
        "python": "3.13",
        "requirements": "uv.lock",
        "extras": ["production"],
        "groups": ["search"],
        "env": ["SECRET_KEY"],
        "extra_packages": ["libpq-dev"],
    }
    assert "Debian 13" in its.text
    its.loads()


def test_a_pyproject_with_what_the_settings_import(seen: Look) -> None:
    files = {"requirements.txt": None, "pyproject.toml": PYPROJECT}
    its = seen(
        files, settings="import storages\nif DEBUG:\n    INSTALLED_APPS += ['debug_toolbar']\n"
    )
    assert its.plain["requirements"] == "pyproject.toml"
    assert its.plain["extras"] == ["production", "s3"]
    assert "groups" not in its.plain
    assert "not installed: search (groups)" in its.text
    its.loads()


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        ({"requirements/production.txt": "django\n", "requirements/dev.txt": "x\n"}, "production"),
        ({"requirements/base.txt": "django\n", "requirements/dev.txt": "x\n"}, "base"),
    ],
)
def test_which_file_of_several(seen: Look, files: dict[str, str], chosen: str) -> None:
    its = seen({"requirements.txt": None, **files})
    assert its.plain["requirements"] == f"requirements/{chosen}.txt"
    its.loads()
    developers = seen({"requirements.txt": "-r requirements/dev.txt\n", **files})
    assert developers.plain["requirements"] == f"requirements/{chosen}.txt"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "pip freeze > requirements.txt"),
        ({"Pipfile": "[packages]\n"}, "pipenv requirements > requirements.txt"),
        ({"pyproject.toml": "[dependency-groups]\nweb = ['django']\n"}, "set groups to those"),
        ({"poetry.lock": "", "pyproject.toml": "[tool.poetry]\n"}, "poetry export"),
    ],
)
def test_no_requirements_that_can_be_read(seen: Look, files: dict[str, str], said: str) -> None:
    assert said in seen({"requirements.txt": None, **files}).wrong


@pytest.mark.parametrize(
    ("groups", "chosen"),
    [
        ("main = ['django']\ndev = ['ruff']\n", ["main"]),
        ("dev = ['ruff']\ndefault = ['django']\n", ["default"]),
        ("base = ['django']\nprod = [{include-group = 'base'}]\ndev = []\n", ["prod"]),
        ("main = ['django']\nproduction = ['gunicorn']\n", ["main", "production"]),
    ],
)
def test_groups_without_a_project(seen: Look, groups: str, chosen: list[str]) -> None:
    files = {"requirements.txt": None, "pyproject.toml": f"[dependency-groups]\n{groups}"}
    its = seen(files)
    assert (its.names["requirements"], its.names["groups"]) == ("pyproject.toml", chosen)
    assert its.wrong == ""
    its.loads()


@pytest.mark.parametrize(
    ("line", "packages"),
    [
        ("psycopg2==2.9.10", ["libpq-dev"]),
        ("psycopg2-binary==2.9.10", None),
        ("psycopg[c]>=3.2", ["libpq-dev"]),
        ("psycopg[binary]>=3.2", None),
        ("psycopg>=3.2", ["libpq5"]),
        ("mysqlclient", ["default-libmysqlclient-dev", "pkg-config"]),
        ("python-ldap", ["libldap-dev", "libsasl2-dev"]),
        ("lxml==5.2.2", ["libxml2-dev", "libxslt1-dev"]),
        ("lxml>=5", None),
        ("pillow==9.5.0", ["libjpeg-dev", "zlib1g-dev", "libfreetype-dev"]),
        ("--no-binary pillow\npillow", ["libjpeg-dev", "zlib1g-dev", "libfreetype-dev"]),
        ("python-magic", ["libmagic-dev"]),
        ("x @ git+https://example.com/x.git", ["git"]),
        ("psycopg2; sys_platform == 'win32'", None),
    ],
)
def test_debian_packages(seen: Look, line: str, packages: list[str] | None) -> None:
    its = seen({"requirements.txt": f"django\n{line}\n"})
    assert its.wrong == ""
    assert its.names.get("extra_packages") == packages
    its.loads()


def test_geodjango(seen: Look) -> None:
    its = seen({}, settings="INSTALLED_APPS += ['django.contrib.gis']\n")
    assert "gdal-bin" in its.plain["extra_packages"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("django==6.0", "3.13"),
        ("django>=4.2", ""),
        ("django~=5.2.1", ""),
        ("django", ""),
        # Django's FAQ has a newest Python for each.
        ("django==3.2.25", "3.10"),
        ("django<4", "3.10"),
        ("django==4.2.*", "3.11"),
        ("django~=4.1", "3.11"),
        ("django<=4.1.3", "3.11"),
        ("django==5.1.4", ""),
        ("django==2.2.28", "3.9"),
    ],
)
def test_pythons(seen: Look, line: str, said: str) -> None:
    its = seen({"requirements.txt": f"{line}\n"})
    assert its.names.get("python", "") == said
    assert ("its Django runs on" in its.text) == bool(said)
    its.loads()


@pytest.mark.parametrize(
    ("text", "chosen", "said"),
    [
        ("[project]\nrequires-python = '>=3.12'\n", "3.13", "requires-python is >=3.12, and"),
        ("[project]\nrequires-python = '<3.13'\n", "3.11", "with Debian 12 alone, leave it out"),
        ("[tool.poetry.dependencies]\npython = '~3.11'\n", "3.11", "is >=3.11,<3.12, and"),
        ("[tool.poetry.dependencies]\npython = '^3.9'\n", "", ""),
        ("[tool.poetry.dependencies]\npython = '*'\n", "", ""),
        ("[project]\nrequires-python = 3\n", "", ""),
    ],
)
def test_a_pyproject_says_it_whatever_lists_the_requirements(
    seen: Look, text: str, chosen: str, said: str
) -> None:
    files = {"requirements/production.txt": "django\n", "requirements.txt": None}
    its = seen({**files, "pyproject.toml": text})
    assert its.names.get("python", "") == chosen
    assert said in its.text.replace("\n# ", " ")
    above = seen({**moved(APP, "site"), "pyproject.toml": text})
    assert above.names.get("python", "") == chosen


def test_a_python_that_suits_both_the_project_and_its_django(seen: Look) -> None:
    files = {"requirements.txt": "django==4.2.*\n"}
    its = seen({**files, "pyproject.toml": "[project]\nrequires-python = '>=3.12'\n"})
    assert its.names["python"] == "3.12"
    # Where there is none, the project knows better.
    text = "[project]\nrequires-python = '>=3.11'\n"
    its = seen({"requirements.txt": "django==3.2.25\n", "pyproject.toml": text})
    assert "python" not in its.names
    assert its.wrong == ""


def test_a_python_that_no_debian_has(seen: Look) -> None:
    text = PYPROJECT.replace(">=3.13", ">=3.14")
    its = seen({"requirements.txt": None, "pyproject.toml": text})
    assert its.names["python"] == "3.14"
    assert its.wrong == ""
    none = seen({"requirements.txt": None, "pyproject.toml": text.replace("3.14", "4.0")})
    assert "requires-python is >=4.0" in none.wrong


@pytest.mark.parametrize(
    ("files", "build"),
    [
        (["package.json", "package-lock.json"], ["npm ci", "npm run build"]),
        (["package.json"], ["npm install", "npm run build"]),
        (
            ["package.json", "yarn.lock"],
            ["yarn install --frozen-lockfile", "yarn run build"],
        ),
        (
            ["package.json", "pnpm-lock.yaml"],
            ["pnpm install --frozen-lockfile", "pnpm run build"],
        ),
        (
            ["ui/package.json", "ui/package-lock.json"],
            ["npm --prefix ui ci", "npm --prefix ui run build"],
        ),
        (["a/b/package.json"], None),
    ],
)
def test_a_build(seen: Look, files: list[str], build: list[str] | None) -> None:
    its = seen({name: json.dumps({"scripts": {"build": "x"}}) for name in files})
    assert its.names.get("build") == build
    its.loads()


def test_a_package_json_without_a_build(seen: Look) -> None:
    its = seen({"package.json": json.dumps({"scripts": {"lint": "x", "prod": "vite build"}})})
    assert "build" not in its.names
    assert "package.json has no script build; it has lint, prod:" in its.text


NPM = "STATICFILES_FINDERS = ['npm.finders.NpmFinder']\n"
ASSETS = "STATICFILES_FINDERS = ['django_node_assets.finders.NodeModulesFinder']\n"


@pytest.mark.parametrize(
    ("text", "src", "at", "build", "link"),
    [
        (NPM, "", "", ["npm ci", "mv node_modules npm_modules"], "node_modules"),
        (
            NPM + "NPM_ROOT_PATH = '../'",
            "back",
            "",
            ["npm ci", "mv node_modules npm_modules"],
            "../node_modules",
        ),
        (
            NPM + "NPM_ROOT_PATH = BASE_DIR / 'ui'",
            "back",
            "back/ui/",
            ["npm --prefix back/ui ci", "mv back/ui/node_modules back/ui/npm_modules"],
            "ui/node_modules",
        ),
        (
            ASSETS + "NODE_MODULES_ROOT = BASE_DIR / 'ui' / 'node_modules'",
            "",
            "ui/",
            ["npm --prefix ui ci", "mv ui/node_modules ui/npm_modules"],
            "ui/node_modules",
        ),
        (
            "STATICFILES_DIRS = [('x', BASE_DIR.parent / 'ui/node_modules/@a/b')]",
            "back",
            "ui/",
            ["npm --prefix ui ci", "mv ui/node_modules ui/npm_modules"],
            "../ui/node_modules",
        ),
        (
            "STATICFILES_DIRS = (os.path.join(BASE_DIR, 'shop', '..', 'node_modules'),)",
            "",
            "",
            ["npm ci", "mv node_modules npm_modules"],
            "node_modules",
        ),
        (NPM + "NPM_ROOT_PATH = vault.get()", "", "ui/", None, None),
        ("STATICFILES_DIRS = [BASE_DIR / 'static']", "", "", None, None),
    ],
)
def test_packages_of_nodes_that_static_files_are_collected_from(
    seen: Look, text: str, src: str, at: str, build: list[str] | None, link: str | None
) -> None:
    files: dict[str, str | None] = {f"{at}package.json": "{}", f"{at}package-lock.json": "{}"}
    more = SETTINGS + text
    files |= moved({**APP, "shop/settings.py": more}, src) if src else {"shop/settings.py": more}
    its = seen(files)
    assert its.names.get("build") == build
    commands = {"before_static": [f"ln -sfn npm_modules {link}"]} if link else None
    assert its.names.get("commands") == commands
    its.loads()


def test_what_is_built_is_built_before_its_packages_have_another_name(seen: Look) -> None:
    its = seen({"package.json": json.dumps({"scripts": {"build": "x"}})}, settings=NPM)
    assert its.names["build"] == ["npm install", "npm run build", "mv node_modules npm_modules"]


@pytest.mark.parametrize(
    ("path", "is_told"),
    [
        ("shop/ui/app/package.json", True),
        ("shop/static/css/bulma/package.json", False),
        ("vue/.vite/deps/package.json", False),
        ("shop/ui/node_modules/x/package.json", False),
    ],
)
def test_a_build_far_below_is_told(seen: Look, path: str, is_told: bool) -> None:
    its = seen({path: json.dumps({"scripts": {"build": "vite build"}})})
    assert "build" not in its.names
    assert (f"{path} has a script build: if it makes static files" in its.text) == is_told
    above = {"package.json": json.dumps({"scripts": {"build": "x"}})}
    both = seen({**above, path: json.dumps({"scripts": {"build": "vite build"}})})
    assert both.names["build"] == ["npm install", "npm run build"]
    assert path not in both.text


def test_an_application_for_asgi_alone(seen: Look) -> None:
    its = seen({"shop/wsgi.py": None, "shop/asgi.py": WSGI.format("shop.settings")})
    assert its.plain == {"asgi": "shop.asgi", "env": ["SECRET_KEY"]}
    its.loads()


def test_channels_need_asgi(seen: Look) -> None:
    its = seen({"shop/asgi.py": "application = 1"}, settings="INSTALLED_APPS += ['channels']\n")
    assert its.plain["asgi"] == "shop.asgi"
    its.loads()


def test_commands_that_apps_ask_for(seen: Look) -> None:
    text = (
        "INSTALLED_APPS += ['compressor']\nCOMPRESS_OFFLINE = True\n"
        "CACHES = {'default': {'BACKEND': 'django.core.cache.backends.db.DatabaseCache'}}\n"
    )
    its = seen({"locale/de/LC_MESSAGES/django.po": ""}, settings=text)
    assert its.plain["commands"] == {
        "before_static": ["manage.py compilemessages"],
        "after_static": ["manage.py compress"],
        "after_migrate": ["manage.py createcachetable"],
    }
    assert its.plain["extra_packages"] == ["gettext"]
    its.loads()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("True", "SECURE_SSL_REDIRECT sends visitors to HTTPS"),
        ("os.environ.get('REDIRECT') != 'False'", "SECURE_SSL_REDIRECT sends visitors to HTTPS"),
        ("'runserver' not in sys.argv", "shop/settings.py:12: SECURE_SSL_REDIRECT may send"),
        ("vault.get('redirect')", "shop/settings.py:12: SECURE_SSL_REDIRECT may send"),
        ("False", None),
        ("os.environ.get('REDIRECT') == 'True'", None),
    ],
)
def test_a_redirect_to_https_is_told(seen: Look, text: str, said: str | None) -> None:
    its = seen({}, settings=f"import sys, vault\nSECURE_SSL_REDIRECT = {text}\n")
    words = its.found.words.get("server_name", [])
    assert len(words) == bool(said)
    assert not said or (words[0].startswith(said) and 'tls = "acme"' in words[0])


@pytest.mark.parametrize(
    ("made", "compiles", "said"),
    [
        ([], True, "are not committed as .mo"),
        (["de"], True, "are not committed as .mo"),
        (["de", "fr", "it"], False, "locale/sr/LC_MESSAGES/django.po"),
        (["de", "fr", "it", "sr"], False, None),
    ],
)
@pytest.mark.parametrize("name", ["django", "djangojs"])
def test_translations_are_compiled_where_the_project_has_not_done_it(
    seen: Look, name: str, made: list[str], compiles: bool, said: str | None
) -> None:
    files = [f"{one}/LC_MESSAGES/{name}.po" for one in ("de", "fr", "it", "sr")]
    files += [f"{one}/LC_MESSAGES/{name}.mo" for one in made]
    its = seen({f"locale/{one}": "" for one in files})
    assert ("commands" in its.names) == compiles
    assert ("gettext" in its.names.get("extra_packages", [])) == compiles
    words = its.found.words.get("commands", [])
    assert len(words) == bool(said)
    assert not said or said.replace("django.po", f"{name}.po") in words[0]
    its.loads()


@pytest.mark.parametrize(
    ("text", "programs"),
    [
        ("INSTALLED_APPS += ['django_q']", {"qcluster": "manage.py qcluster"}),
        ("INSTALLED_APPS += ['huey.contrib.djhuey']", {"huey": "manage.py run_huey"}),
        (
            "INSTALLED_APPS += ['django_rq']\nRQ_QUEUES = {'high': {}, 'low': {}}",
            {"rqworker": "manage.py rqworker high low"},
        ),
        ("INSTALLED_APPS += ['django_rq']", {"rqworker": "manage.py rqworker default"}),
        ("INSTALLED_APPS += ['shop.django_q']", None),
    ],
)
def test_programs_that_apps_ask_for(
    seen: Look, text: str, programs: dict[str, object] | None
) -> None:
    its = seen({}, settings=f"{text}\n")
    assert its.names.get("programs") == programs
    its.loads()


WORKER = "celery -A shop worker --loglevel INFO"


@pytest.mark.parametrize(
    ("path", "text", "programs"),
    [
        ("shop/celery.py", "", {"worker": WORKER}),
        ("shop/celery_app.py", "", {"worker": WORKER.replace("shop", "shop.celery_app")}),
        ("docs/celery.py", "", None),
        (
            "shop/celery.py",
            "CELERY_BEAT_SCHEDULE = {}",
            {
                "worker": WORKER,
                "beat": {
                    "command": "celery -A shop beat --schedule celerybeat/schedule",
                    "hosts": "once",
                },
            },
        ),
        (
            "shop/celery.py",
            "INSTALLED_APPS += ['django_celery_beat']",
            {
                "worker": WORKER,
                "beat": {
                    "command": "celery -A shop beat --scheduler django",
                    "hosts": "once",
                },
            },
        ),
    ],
)
def test_celery(seen: Look, path: str, text: str, programs: dict[str, object] | None) -> None:
    app = "from celery import Celery\napp = Celery('shop')\n"
    needs = {"requirements.txt": "django\ncelery\n"}
    its = seen({path: app, **needs}, settings=f"{text}\n")
    assert its.names.get("programs") == programs
    assert its.names.get("shared") == (["celerybeat"] if "--schedule " in its.text else None)
    its.loads()
    # What another project has in a file of that name is not Celery's.
    assert "programs" not in seen({path: app}).names
    assert "programs" not in seen({path: "", **needs}).names


@pytest.mark.parametrize(
    ("text", "packages"),
    [
        (
            "CELERY_BROKER_URL = os.environ.get('BROKER', 'redis://localhost:6379/0')",
            "redis-server",
        ),
        (
            "CHANNEL_LAYERS = {'default': {'CONFIG': {'hosts': [('127.0.0.1', 6379)]}}}",
            "redis-server",
        ),
        ("RQ_QUEUES = {'default': {'HOST': 'localhost', 'PORT': 6379}}", "redis-server"),
        ("BROKER_URL = 'amqp://guest:guest@127.0.0.1:5672//'", "rabbitmq-server"),
        ("CACHES = {'default': {'LOCATION': '127.0.0.1:11211'}}", "memcached"),
        ("CELERY_BROKER_URL = 'redis://cache.example.com:6379/0'", None),
    ],
)
def test_servers_that_the_settings_look_for_here(
    seen: Look, text: str, packages: str | None
) -> None:
    its = seen({"requirements.txt": "django\nredis\n"}, settings=f"{text}\n")
    assert its.names.get("extra_packages") == ([packages] if packages else None)
    assert ('"redis-server" in here brings one' in its.text) == (packages != "redis-server")
    its.loads()


@pytest.mark.parametrize(
    ("routes", "path", "said"),
    [
        (
            "path('back/', admin.site.urls), path('shop/', include('shop.more'))",
            "/back/login/",
            True,
        ),
        ("re_path(r'^admin/', admin.site.urls)", "/admin/login/", True),
        ("path('shop/', include('shop.more'))", "/", True),
        ("path('admin/', admin.site.urls), path('', include('shop.more'))", "/", False),
        ("path('admin/', admin.site.urls), path('<slug:page>', page)", "/", False),
        ("path('admin/', admin.site.urls), re_path(r'^$', page)", "/", False),
        ("path('admin/', admin.site.urls), *more", "/", False),
    ],
)
def test_a_site_without_a_front_page(seen: Look, routes: str, path: str, said: bool) -> None:
    its = seen(
        {"shop/urls.py": f"urlpatterns = [{routes}]\n"}, settings="ROOT_URLCONF = 'shop.urls'"
    )
    assert its.settings.health_path == path
    assert ("no page at /" in its.text) == said


ADMIN = "urlpatterns = [path('admin/', admin.site.urls)]\n"


@pytest.mark.parametrize(
    ("text", "is_guessed"),
    [
        (ADMIN, True),
        ("from shop.views import *\n" + ADMIN, True),
        (ADMIN + "urlpatterns += [path('shop/', page)]", True),
        (ADMIN + "urlpatterns = [path('shop/', page)] + urlpatterns", True),
        (ADMIN + "if DEBUG:\n    urlpatterns += static(MEDIA_URL, document_root=MEDIA_ROOT)", True),
        (ADMIN + "urlpatterns.extend(staticfiles_urlpatterns())", True),
        (ADMIN + "__all__ = ['urlpatterns']", True),
        ("urlpatterns = []\nurlpatterns.append(path('admin/', admin.site.urls))", True),
        ("urlpatterns: list[URLPattern]\n" + ADMIN, True),
        (ADMIN + "urlpatterns.append(path('', page))", False),
        (ADMIN + "urlpatterns += path('', page),", False),
        (ADMIN + "urlpatterns += [path('shop/', page), *[path('', page)]]", False),
        (ADMIN + "urlpatterns.extend([path('', page)])", False),
        (ADMIN + "urlpatterns.insert(0, path('', page))", False),
        (ADMIN + "urlpatterns = urlpatterns + [path('', page)]", False),
        (ADMIN + "if PAGES:\n    pass\nelse:\n    urlpatterns.append(path('', page))", False),
        (ADMIN + "try:\n    pass\nexcept E:\n    urlpatterns += [path('', page)]", False),
        (ADMIN + "for one in PLUGINS:\n    urlpatterns.append(path(one, page))", False),
        (ADMIN + "with more():\n    urlpatterns.append(path('', page))", False),
        (ADMIN + "urlpatterns += router.urls", False),
        (ADMIN + "urlpatterns = i18n_patterns(*urlpatterns)", False),
        (ADMIN + "urlpatterns[0:0] = [path('', page)]", False),
        (ADMIN + "add_pages(urlpatterns)", False),
        (ADMIN + "all_of_them = urlpatterns\nall_of_them += [path('', page)]", False),
        (ADMIN + "def more():\n    urlpatterns.append(path('', page))\nmore()", False),
        (ADMIN + "globals()['urlpatterns'] += [path('', page)]", False),
        (ADMIN + "from shop.more import *", False),
        (ADMIN + "from shop.more import urlpatterns", False),
        (ADMIN + "from shop.more import pages as urlpatterns", False),
        ("from shop.more import *\nurlpatterns += [path('admin/', admin.site.urls)]", False),
    ],
)
def test_a_front_page_wherever_it_is_added(seen: Look, text: str, is_guessed: bool) -> None:
    its = seen({"shop/urls.py": text}, settings="ROOT_URLCONF = 'shop.urls'")
    assert its.settings.health_path == ("/admin/login/" if is_guessed else "/")
    assert ("no page at /" in its.text) == is_guessed


def test_a_package_in_a_folder_that_manage_adds(seen: Look) -> None:
    its = seen(
        {
            "manage.py": "import sys\nsys.path.insert(0, 'src')\n" + APP["manage.py"],
            **moved({name: APP[name] for name in APP if name.startswith("shop/")}, "src"),
            "src/shop/urls.py": "urlpatterns = [path('admin/', admin.site.urls)]",
            "src/shop/base.py": SETTINGS.replace("DEBUG = False", "DEBUG = True"),
            "src/shop/settings.py": "from shop.base import *\nROOT_URLCONF = 'shop.urls'\n",
            "src/shop/celery.py": "app = Celery('shop')\n",
            "requirements.txt": "celery\n" + APP["requirements.txt"],
        }
    )
    assert its.settings.wsgi == "shop.wsgi"
    assert its.names["env"]["PYTHONPATH"] == "src"
    assert its.names["env"]["DJANGO_SETTINGS_MODULE"] == "shop.settings_on_servers"
    [path] = its.names["files"]
    assert path == "src/shop/settings_on_servers.py"
    assert its.names["health_path"] == "/admin/login/"
    assert its.names["programs"]["worker"].startswith("celery -A shop worker")
    assert "is not in the source" not in its.wrong


def test_modules_beside_src(seen: Look) -> None:
    files = {**moved(APP, "demo"), "lib/shopping/__init__.py": ""}
    its = seen({**files, "demo/shop/settings.py": f"{SETTINGS}import shopping\n"})
    assert its.names["env"]["PYTHONPATH"] == "../lib"
    inner = seen({"shop/graphql/__init__.py": ""}, settings="import graphql\n")
    assert inner.plain == {"env": ["SECRET_KEY"]}


@pytest.mark.parametrize(
    ("folder", "needs"),
    [
        ("shop/kept/oauth2_provider", ""),
        ("shop/kept/more/oauth2_provider", ""),
        ("migrations/oauth2_provider", ""),
        ("lib/oauth2_provider", "django-oauth-toolkit\n"),
    ],
)
def test_what_a_requirement_brings_is_not_taken_from_the_source(
    seen: Look, folder: str, needs: str
) -> None:
    files = {f"{folder}/__init__.py": "", "requirements.txt": f"django==5.2.*\n{needs}"}
    its = seen(files, settings="INSTALLED_APPS += ['oauth2_provider']\n")
    assert its.plain == {"env": ["SECRET_KEY"]}


def test_settings_that_are_included(seen: Look) -> None:
    files = {
        "shop/settings.py": "from split_settings.tools import include, optional\n"
        "include('parts/*.py', optional('local.py'))\n",
        "shop/parts/base.py": SETTINGS.replace("parent.parent", "parent.parent.parent"),
        "shop/parts/media.py": "MEDIA_ROOT = BASE_DIR / 'media'\n",
    }
    its = seen(files)
    assert its.plain == {"env": ["SECRET_KEY"], "media_root": "media"}
    assert its.wrong == ""


def test_settings_that_are_not_there(seen: Look) -> None:
    its = seen({"shop/settings.py": None})
    assert "shop.settings is not in the source" in its.wrong
    lacking = seen({}, settings="from .secrets_of_mine import *\n")
    assert "shop/secrets_of_mine.py, which is not in the source" in lacking.wrong
    caught = "try:\n    from .local import *\nexcept ImportError:\n    pass\n"
    assert seen({}, settings=caught).wrong == ""


@pytest.mark.parametrize(
    ("start", "passes"),
    [
        ("from contextlib import suppress\nwith suppress(ImportError):", True),
        ("from contextlib import suppress as quiet\nwith quiet(KeyError, ImportError):", True),
        ("import contextlib\nwith contextlib.suppress(ModuleNotFoundError):", True),
        ("import contextlib as c\nwith open('x') as x, c.suppress(Exception):", True),
        ("from contextlib import suppress\nwith suppress(KeyError):", False),
        ("from shop.mine import suppress\nwith suppress(ImportError):", False),
    ],
)
def test_what_suppress_is_for_is_passed_over(seen: Look, start: str, passes: bool) -> None:
    its = seen({}, settings=f"{start}\n    from .local import *\n")
    assert (its.wrong == "") == passes
    assert ("shop/local.py, which is not in the source" in its.wrong) != passes


@pytest.mark.parametrize(
    "text",
    [
        "from contextlib import suppress\nwith suppress(KeyError):\n    {}\n",
        "try:\n    {}\nexcept KeyError:\n    pass\n",
    ],
)
def test_what_is_as_it_was_for_want_of_a_variable_follows_from_it(seen: Look, text: str) -> None:
    more = text.format("DEBUG = os.environ['ITS_DEBUG'] == '1'")
    its = seen({}, settings=f"DEBUG = True\n{more}")
    assert its.names["env"]["ITS_DEBUG"] == "False"
    assert its.wrong == ""


REFUSED = "except ImportError as e:\n    raise RuntimeError(e)\n"
BY_NAME = "import importlib\nits = importlib.import_module(os.getenv('CONF', 'shop.conf'))\n"
IN_TRY = BY_NAME.replace("its", "try:\n    its")
OF_IT = "SECRET_KEY = its.SECRET_KEY\nDATABASES = {'default': its.DATABASE}\n"


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        (BY_NAME, True),
        (IN_TRY + REFUSED, True),
        (IN_TRY + REFUSED.replace("Import", "ModuleNotFound"), True),
        (IN_TRY + "except ImportError:\n    pass\n", False),
        ("from shop import conf as its\n", True),
        (f"try:\n    from shop import conf as its\n{REFUSED}", True),
        (f"try:\n    from . import conf as its\n{REFUSED}", True),
        ("from shop import pages as its\n", False),
        (BY_NAME.replace("shop.conf", "others.conf"), False),
    ],
)
def test_a_module_of_settings_that_is_not_there_is_to_be_brought(
    seen: Look, text: str, is_told: bool
) -> None:
    files = {"shop/pages/index.html": ""}
    its = seen(files, settings=text + OF_IT)
    line = 'files = {"shop/conf.py": from_file("conf.py")}'
    assert (line in its.wrong) == is_told
    if is_told:
        assert len(its.found.wrong) == 1
        assert its.secret == {"SECRET_KEY"}
        assert "CONF" not in its.text


def test_a_module_of_which_there_is_an_example_is_to_be_brought(seen: Look) -> None:
    text = """
import importlib
import sys

def its():
    if named := os.environ.get("CONF"):
        return importlib.import_module(named)
    if sys.argv[1:]:
        return None
    return importlib.import_module("shop.conf")

its = its()
if not hasattr(its, "SECRET_KEY"):
    raise RuntimeError
SECRET_KEY = its.SECRET_KEY
DATABASES = {"default": its.DATABASE}
"""
    example = {"shop/conf_example.py": "", "shop/local.example.py": ""}
    its = seen({**example}, settings=text)
    (line,) = its.found.wrong
    assert line.endswith('bring it: files = {"shop/conf.py": from_file("conf.py")}')
    assert its.secret == {"SECRET_KEY"}
    assert "follows from" not in its.text
    there = seen({**example, "shop/conf.py": ""}, settings=text)
    assert there.wrong == ""


def test_a_module_of_settings_that_is_there_is_read(seen: Look) -> None:
    conf = "import os\nDATABASE = {}\nSECRET_KEY = os.environ['ITS_KEY']\n"
    its = seen({"shop/conf.py": conf}, settings=IN_TRY + REFUSED + OF_IT)
    assert its.secret == {"SECRET_KEY", "ITS_KEY"}
    assert its.wrong == ""


def test_what_is_not_known_is_not_said(seen: Look) -> None:
    text = "import vault\nDEBUG = vault.get('debug')\nALLOWED_HOSTS = vault.get('hosts')\n"
    text += "SECRET_KEY = vault.get('key')\nINSTALLED_APPS = ['django.contrib.staticfiles']\n"
    its = seen({"shop/settings.py": text})
    assert (its.plain, its.wrong) == ({}, "")
    classes = seen({"shop/settings.py": "class Production:\n    DEBUG = False\n"})
    assert "says too little without being run" in classes.wrong
    assert "SECRET_KEY" not in classes.names.get("env", {})


@pytest.mark.parametrize(
    "text",
    [
        "x = 'a' * 10**9\n",
        "x = 'a'\nfor i in range(99):\n    x = x + x\n",
        "def f(x):\n    return f(f(x + 'a'))\nx = f('a')\n",
        "while True:\n    pass\n",
        f"x = {'(' * 500}1{')' * 500}\n",
        f"x = {'-' * 50_000}1\n",
        "x = [" + "0, " * 50_000 + "]\ny = [[b for b in x] for a in x]\n",
        "x = '{:>999999999}'.format(1)\ny = '%999999999d' % 1\nz = f'{1:>999999999}'\n",
        "x = [0, 0]\n" + "x = [x, x]\n" * 25 + "y = [x for x in x]\n",
        "x = (1,)\n" + "x = {'a': x, 'b': x}\n" * 25,
        "this is no Python\n",
        "import os\nos.system('touch /tmp/look-was-here')\nopen('/tmp/look-was-here', 'w')\n",
        "__import__('os').system('touch /tmp/look-was-here')\n",
        "# \udcff".encode(errors="surrogateescape").decode("latin-1") + "\n",
    ],
)
def test_nothing_is_run_and_nothing_takes_long(seen: Look, text: str) -> None:
    begun = time.process_time()
    its = seen({}, settings=text)
    assert time.process_time() - begun < 10
    assert its.names["project"] == "shop"
    assert not Path("/tmp/look-was-here").exists()


def test_names_of_the_project_end_no_line(seen: Look) -> None:
    text = (
        "A = os.environ['A\\nimport os']\nB = os.environ['B\"]']\nC = os.getenv('C', 'c\\nd')\n"
        "ALLOWED_HOSTS = os.getenv('ALLOWED_HOSTS', 'x\\nboom()\\n').split(',')\n"
        "STATIC_URL = '/st\"atic/'\nMEDIA_ROOT = BASE_DIR / 'a\\nb'\n"
    )
    its = seen({}, settings=text)
    assert "A" not in its.names["env"]
    assert its.names["env"]["ALLOWED_HOSTS"] == "shop.example.com"


@pytest.mark.parametrize(
    ("name", "project"),
    [("Shop.git", "shop"), ("my shop!", "my-shop"), ("root", "root-site"), ("2shop", "site-2shop")],
)
def test_the_projects_name(tmp_path: Path, name: str, project: str) -> None:
    for file, text in APP.items():
        (tmp_path / name / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name / file).write_text(text)
    assert look(str(tmp_path / name)).settings["project"] == project


def test_a_source_without_a_project(tmp_path: Path) -> None:
    (tmp_path / "manage.py").write_text("print('of something else')\n")
    with pytest.raises(LookingError, match=r"^source = .*: there is no manage.py of Django's"):
        look(str(tmp_path))


def test_a_source_knows_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for name in ("a.py", "b/c.py", "node_modules/d.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "b" / "link").symlink_to("c.py")
    assert Folder(tmp_path, "x").paths() == ["a.py", "b/c.py", "b/link"]
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    for words in (("init", "-q"), ("add", "a.py", "b"), (*who, "commit", "-qm", "x")):
        subprocess.run(["git", "-C", str(tmp_path), *words], check=True)
    assert resolve(str(tmp_path)).paths() == ["a.py", "b/c.py", "b/link"]


def test_settings_are_read_as_with_some_environment(tmp_path: Path) -> None:
    (tmp_path / "s.py").write_text("import os\nDEBUG = os.getenv('DEBUG', '1') == '1'\n")
    source = Folder(tmp_path, "x")
    for text, debug in (("1", True), ("0", False)):
        module = Modules(source, ".", {"DEBUG": text}).module("s")
        value = module.names.get("DEBUG") if module else None
        assert value
        assert (value.content, [*value.variables], value.line) == (debug, ["DEBUG"], 2)


def test_the_command_prints_python_and_nothing_else() -> None:
    told = pyinfra("@local", "look.py", "--data", "source=tests/project")
    assert told.returncode == 0
    names: dict[str, Any] = {}
    exec(told.stdout, names)  # noqa: S102
    assert names["wsgi"] == "fooproject.wsgi"
    # What is off by itself stays off.
    assert names["env"].keys() == {"SECRET_KEY"}


def test_a_mistake_is_one_line() -> None:
    told = pyinfra("@local", "look.py", "--data", "source=docs")
    assert (told.returncode, told.stdout) == (1, "")
    (line,) = [line for line in told.stderr.splitlines() if "error" in line.lower()]
    assert 'source = "docs": there is no manage.py of Django\'s in it' in line
    assert "Traceback" not in told.stderr


def test_a_revision_that_has_become_a_number_is_told_with_its_quotes() -> None:
    words = ("--dry", "@local", "look.py", "--data", f"source={ROOT}", "--data", "revision=1.10")
    done = pyinfra(*words)
    assert done.returncode == 1
    assert "revision = 1.1: expected a branch, tag or commit, as text in quotes" in done.stderr
    assert """--data 'revision="1234567"'""" in done.stderr


def test_names_that_are_given_are_those_of_all_that_is_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    more = "SITE_URL = os.environ.get('SITE_URL', 'http://localhost')\n"
    for name, text in {**APP, "shop/settings.py": SETTINGS + more}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("SECRET_KEY", "its own")
    told = pyinfra(
        *("@local", "look.py", "--data", f"source={tmp_path}"),
        *("--data", "project=lib", "--data", "server_name=lib.example.org"),
    )
    names: dict[str, Any] = {}
    exec(told.stdout, names)  # noqa: S102
    assert (names["project"], names["wsgi"]) == ("lib", "shop.wsgi")
    assert names["server_name"] == "lib.example.org"
    assert names["env"]["SITE_URL"] == "http://lib.example.org"
    its = names["files"]["shop/settings_on_servers.py"]
    assert 'ALLOWED_HOSTS = ["lib.example.org"]' in its
    assert "shop.example.com" not in told.stdout


@pytest.mark.parametrize(
    ("hosts", "name", "said"),
    [
        (["shop.example.org"], "shop.example.org", ""),
        ([".example.org"], "example.org", ""),
        (["localhost", ".railway.app", "www.example.org"], "www.example.org", ""),
        ([".railway.app", ".pythonanywhere.com", "127.0.0.1"], None, "has to be in ALLOWED_HOSTS"),
        (["shop.herokuapp.com"], None, "has to be in ALLOWED_HOSTS"),
        ([".up.railway.app"], None, "has to be in ALLOWED_HOSTS"),
        ([".localhost", "shop.test", "shop.local", "testserver"], None, "has to be in ALLOWED"),
        ([".railway.apps"], "railway.apps", ""),
        (["myfly.dev"], "myfly.dev", ""),
        (["*"], None, "the name that visitors type\n"),
    ],
)
def test_a_servers_name_is_the_projects_own(
    seen: Look, hosts: list[str], name: str | None, said: str
) -> None:
    its = seen({}, settings=f"ALLOWED_HOSTS = {hosts}")
    assert its.settings.server_name == (name or "shop.example.com",)
    assert said in its.text
    assert ("the name that visitors type" in its.text) == (name is None)
    assert ("ALLOWED_HOSTS = " in its.text) == (name is None and hosts != ["*"])


@pytest.mark.parametrize(
    ("given", "hosts"),
    [
        (["lib.example.org", "*.example.net"], ["lib.example.org", ".example.net"]),
        (".example.net", [".example.net"]),
        ("xn--e1afmkfd.xn--p1ai", ["xn--e1afmkfd.xn--p1ai"]),
        (["intranet", "shop.*"], ["intranet"]),
        ("_", ["shop.example.com"]),
    ],
)
@pytest.mark.parametrize(
    "text",
    [
        "os.environ['HOSTS'].split(',')",
        "os.environ['HOSTS'].split()",
        "json.loads(os.environ['HOSTS'])",
        "[]",
    ],
)
def test_several_names_that_are_given(
    tmp_path: Path, text: str, given: object, hosts: list[str]
) -> None:
    files = {**APP, "shop/settings.py": f"import json\n{SETTINGS}ALLOWED_HOSTS = {text}\n"}
    for name, its in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(its)
    found = look(str(tmp_path), own_name="shop", server_name=given)
    assert found.settings["server_name"] == given
    if text == "[]":
        said = found.settings["files"]["shop/settings_on_servers.py"]
        assert f"ALLOWED_HOSTS = {json.dumps(hosts)}" in said
    else:
        asked = compile(text, "", "eval")
        names = {"os": type("", (), {"environ": found.env}), "json": json}
        assert eval(asked, names) == hosts  # noqa: S307


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("rev=x", "rev: no such setting; did you mean revision?"),
        ("sever_name=x", "sever_name: no such setting; did you mean server_name?"),
        ("shop=5", "shop = 5: no such setting; expected source, revision, project or server_name"),
        ("workers=3", "workers = 3: look.py finds it, or leaves it to you"),
        ("project=root", 'project = "root": is a user of the system'),
        ("project=5", "project = 5: expected a user name"),
        ("server_name=a_b", 'server_name = "a_b": expected a host name'),
        ("server_name=5", "server_name = 5: expected a host name"),
        ("server_name=[]", "server_name = []: expected a host name"),
        ("server_name=", 'server_name = "": expected a host name'),
        ("project=", 'project = "": expected a user name'),
        ("revision=", 'revision = "": expected a branch, tag or commit'),
    ],
)
def test_data_of_no_use_is_refused(data: str, said: str) -> None:
    told = pyinfra("@local", "look.py", "--data", "source=tests/project", "--data", data)
    assert (told.returncode, told.stdout) == (1, "")
    assert said in told.stderr
    assert "Traceback" not in told.stderr


def test_data_of_pyinfras_own_is_not_refused() -> None:
    data = ("--data", "source=tests/project", "--data", "ssh_user=root", "--data", "_mine=1")
    assert pyinfra("@local", "look.py", *data).returncode == 0


def test_a_password_is_not_taken() -> None:
    with pytest.raises(LookingError, match=r"^source: holds a password"):
        look("https://a:b@example.com/x.git")


def test_what_is_in_another_begins_further_in() -> None:
    long = {"beat": {"command": "celery " + "x" * 80, "hosts": "once"}, "text": "a\nb"}
    text = literal(long, 11)
    assert '    "beat": {\n        "command": "celery ' in text
    assert '"once",\n    },\n' in text
    assert eval(text) == long  # noqa: S307 - it is what a person pastes
