"""Which database there is, and what decides about it."""

import pytest

from tests.unit.looking.shop import Look


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
    assert 'DATABASES["default"]["PASSWORD"] is in the source' in seen({}, settings=in_source).wrong


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
    told = "shop.settings has no DATABASES, but apps that need one: set it in files"
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
    assert ("which database is used cannot be told by reading" in its.text) == is_told
    assert ("depends on DATA_DIR" in its.text) == (text == ITS_ENTRY)
    assert its.secret == {"SECRET_KEY"}
    its.loads()


def test_a_default_that_is_not_known_is_one(seen: Look) -> None:
    text = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql',\n"
    text += "  'NAME': os.getenv('DB_NAME', vault.get('name')), 'USER': os.getenv('DB_USER')}}\n"
    its = seen({}, settings=f"import vault\n{text}")
    assert its.secret == {"SECRET_KEY", "DB_USER"}
    assert "DB_NAME has a default that cannot be told by reading" in its.text


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
    assert '"SQLITE": "True" in env selects SQLite' in its.text
    said = " ".join(its.found.words["env"])
    assert "selects SQLite: its file is /var/shop/db.sqlite3 of the server" in said
    assert "has to make it; DB_NAME in env names another place" in said
    assert "DB_AGE" not in its.text
    its.loads()


def test_a_database_that_can_be_said_in_two_ways_is_said_in_one(seen: Look) -> None:
    its = seen({}, settings=SWITCHED + BY_URL)
    assert its.secret == {"SECRET_KEY", "DATABASE_URL"}
    assert "or, in its place, DB_NAME, DB_PASSWORD" in its.text
    required = SWITCHED.replace('environ.get("DB_NAME")', 'environ["DB_NAME"]')
    its = seen({}, settings=required + BY_URL)
    assert its.secret == {"SECRET_KEY", "DB_NAME", "DB_PASSWORD"}
    assert "DATABASE_URL in env takes the place of DB_NAME, DB_PASSWORD" in its.text


CI = """
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["DB_NAME"],
    "PASSWORD": os.environ["DB_PASSWORD"], "HOST": os.getenv("DB_HOST", "localhost")}}
"""
BY_CI = """
if TEST:
    DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "github_actions",
        "USER": "postgres", "PASSWORD": "postgres", "HOST": "127.0.0.1", "PORT": "5432"}}
"""


@pytest.mark.parametrize(
    "test",
    [
        "os.environ.get('GITHUB_WORKFLOW')",
        "'GITHUB_WORKFLOW' in os.environ",
        "os.getenv('GITHUB_WORKFLOW') == 'tests'",
        "os.getenv('GITHUB_WORKFLOW', '') != ''",
    ],
)
@pytest.mark.parametrize("text", [CI, CI.replace("environ[", "environ.get(").replace('"]', '")')])
def test_a_variable_that_has_a_database_of_constants_is_a_switch_and_left_out(
    seen: Look, text: str, test: str
) -> None:
    its = seen({}, settings=text + BY_CI.replace("TEST", test))
    assert its.secret == {"SECRET_KEY", "DB_NAME", "DB_PASSWORD"}
    assert "GITHUB_WORKFLOW" not in its.names["env"]
    its.loads()


BY_KIND = """
if KIND != "a":
    DATABASES["default"]["NAME"] = os.environ.get("OTHER_NAME")
"""


@pytest.mark.parametrize(("name", "is_told"), [("REPLICA", True), ("GITLAB_CI", False)])
def test_a_switch_is_told_unless_it_is_of_where_a_project_is_tested(
    seen: Look, name: str, is_told: bool
) -> None:
    its = seen({}, settings=CI + BY_CI.replace("TEST", f"os.getenv('{name}')"))
    assert (f"{name} in env, with any text, selects another database" in its.text) == is_told
    sqlite = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'a'}}\n"
    its = seen({}, settings=sqlite + BY_CI.replace("TEST", f"os.getenv('{name}')"))
    assert (f"another database than SQLite: {name} in env" in its.text) == is_told


def test_a_switch_towards_other_variables_is_none(seen: Look) -> None:
    its = seen({}, settings=f"KIND = os.getenv('KIND', 'a')\n{CI}" + BY_KIND)
    assert "KIND" not in its.secret
    assert "with any text" not in its.text


CAST = (
    "from decouple import config\nimport dj_database_url\nfrom dj_database_url import parse as to\n"
)


@pytest.mark.parametrize("cast", ["to", "dj_database_url.parse"])
@pytest.mark.parametrize("default", ["sqlite:///db.sqlite3", "postgres://me:pw@localhost/shop", ""])
def test_a_url_that_is_cast_is_one_of_a_database(seen: Look, cast: str, default: str) -> None:
    its_default = f"default={default!r}, " if default else ""
    text = f"{CAST}DATABASES = {{'default': config('DATABASE_URL', {its_default}cast={cast})}}\n"
    its = seen({}, settings=text)
    is_file = default.startswith("sqlite")
    assert its.names.get("shared") == (["db.sqlite3"] if is_file else None)
    assert its.names.get("migrate") == ("each" if is_file else None)
    assert its.secret == {"SECRET_KEY"} | (set() if is_file else {"DATABASE_URL"})
    assert ("whose password is in the source" in its.text) == ("pw" in default)
    assert "pw" not in its.text
    its.loads()


@pytest.mark.parametrize("name", ["'shop'", "os.environ.get('APP_NAME')", "vault.get('name')"])
def test_a_url_whose_default_is_made_of_something_is_asked_for(seen: Look, name: str) -> None:
    text = f"import dj_database_url, vault\nAPP_NAME = {name}\n"
    text += "URL = f'postgres:///{APP_NAME}'\n"
    its = seen(
        {}, settings=f"{text}DATABASES = {{'default': dj_database_url.config(default=URL)}}\n"
    )
    assert "DATABASE_URL" in its.secret
    its.loads()


def test_a_password_in_the_default_of_any_url_is_told(seen: Look) -> None:
    its = seen({}, settings="CACHE = os.getenv('CACHE_AT', 'redis://:pw@localhost/0')\n")
    assert "by default CACHE_AT has a password that is in the source: set it in env" in its.wrong
    assert seen({}, settings="C = os.getenv('C', 'redis://localhost:1/0')\n").wrong == ""
