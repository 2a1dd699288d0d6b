"""Variables of the environment: which there are, and what they are to be."""

from pathlib import Path

import pytest

from stack.looking.reading.files import Files
from stack.looking.reading.modules import Modules
from stack.source.folder import Folder
from tests.unit.looking.shop import SETTINGS, Look

ENVIRONMENT = "kind = os.environ.get('KIND')\nDEBUG = kind == 'development'\n"
BAD = "    raise ImproperlyConfigured('no')\n"
IMPROPERLY = "from django.core.exceptions import ImproperlyConfigured\n"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (
            f"{IMPROPERLY}{ENVIRONMENT}if kind not in ('production', 'development'):\n{BAD}",
            {"KIND"},
        ),
        (f"{IMPROPERLY}{ENVIRONMENT}if not kind:\n{BAD}", {"KIND"}),
        (
            f"{IMPROPERLY}DEBUG = os.environ.get('ITS_DEBUG') == '1'\n"
            f"SECRET_KEY = os.environ.get('ITS_KEY', '')\nif not SECRET_KEY and not DEBUG:\n{BAD}",
            {"ITS_KEY"},
        ),
    ],
)
def test_what_has_debug_off_is_set_where_it_has_to_be(
    seen: Look, text: str, secret: set[str]
) -> None:
    assert seen({}, settings=SETTINGS + text).secret - {"SECRET_KEY"} == secret


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
        "from environs import env\nenv.read_env()\n"
        "SECRET_KEY = env.str('SECRET_KEY')\nDEBUG = env.bool('DEBUG', True)\n"
        "ALLOWED_HOSTS = env.list('ALLOWED_HOSTS')\n"
        "DATABASES = {'default': env.dj_db_url('DATABASE_URL')}\n",
        "import environs\n"
        "SECRET_KEY = environs.env('SECRET_KEY')\nDEBUG = environs.env.bool('DEBUG', True)\n"
        "ALLOWED_HOSTS = environs.env.list('ALLOWED_HOSTS')\n"
        "DATABASES = {'default': environs.env.dj_db_url('DATABASE_URL')}\n",
        # decouple
        "from decouple import AutoConfig, Csv\nimport dj_database_url\n"
        "config = AutoConfig(search_path=BASE_DIR)\n"
        "SECRET_KEY = config('SECRET_KEY')\nDEBUG = config('DEBUG', default=True, cast=bool)\n"
        "ALLOWED_HOSTS = config('ALLOWED_HOSTS', default='localhost', cast=Csv())\n"
        "DATABASES = {'default': dj_database_url.parse(config('DATABASE_URL'))}\n",
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
        ("DEBUG = os.environ.get('MODE', 'dev') == 'dev'", "MODE", "production"),
        ("DEBUG = os.environ.get('MODE', 'dev') != 'live'", "MODE", "live"),
        ("DEBUG = os.environ['APP_ENV'] == 'development'", "APP_ENV", "production"),
        ("DEBUG = os.environ.get('MODEL', 'dev') == 'dev'", "MODEL", "False"),
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
    assert "work without them: B, D, E" in its.text


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


@pytest.mark.parametrize(
    ("redirect", "scheme"),
    [
        ("True", "https"),
        ("not DEBUG", "https"),
        ("'runserver' not in sys.argv", "https"),
        ("DEBUG", "http"),
        ("SITE_URL.startswith('https')", "http"),
    ],
)
def test_where_visitors_are_sent_to_https_the_site_is_there(
    seen: Look, redirect: str, scheme: str
) -> None:
    text = (
        "import sys\nDEBUG = os.environ.get('DEBUG', 'True') == 'True'\n"
        "SITE_URL = os.environ.get('SITE_URL', 'http://localhost')\n"
        "BASE_URL = os.environ['BASE_URL']\n"
    )
    its = seen({}, settings=f"{text}SECURE_SSL_REDIRECT = {redirect}\n")
    for name in ("SITE_URL", "BASE_URL"):
        assert its.names["env"][name] == f"{scheme}://shop.example.com"
    assert ('tls = "acme"' in its.text) == (scheme == "https")
    its.loads()


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


LINES = (("SECRET_KEY", 4), ("DEBUG", 2), ("ALLOWED_HOSTS", 3))


def test_what_is_not_known_is_not_said_but_that_it_is_not(seen: Look) -> None:
    text = "import vault\nDEBUG = vault.get('debug')\nALLOWED_HOSTS = vault.get('hosts')\n"
    text += "SECRET_KEY = vault.get('key')\nINSTALLED_APPS = ['django.contrib.staticfiles']\n"
    its = seen({"shop/settings.py": f"{text}LOGGING = vault.get('logging')\n"})
    assert (its.plain, its.wrong) == ({}, "")
    said = " ".join(its.found.words["env"])
    places = [f"{one} (shop/settings.py:{line})" for one, line in LINES]
    assert said.startswith(f"what {' and '.join(places)} will be cannot be told by reading")
    classes = seen({"shop/settings.py": "class Production:\n    DEBUG = False\n"})
    assert "says too little without being run" in classes.wrong
    assert "SECRET_KEY" not in classes.names.get("env", {})


def test_settings_are_read_as_with_some_environment(tmp_path: Path) -> None:
    (tmp_path / "s.py").write_text("import os\nDEBUG = os.getenv('DEBUG', '1') == '1'\n")
    files = Files(Folder(tmp_path, "x"), ".")
    for text, debug in (("1", True), ("0", False)):
        module = Modules(files, {"DEBUG": text}).module("s")
        value = module.names.get("DEBUG") if module else None
        assert value
        assert (value.content, [*value.variables], value.line) == (debug, ["DEBUG"], 2)


@pytest.mark.parametrize(
    "text",
    [
        "SECRET_KEY = vault.get(os.environ['ITS_SECRET'])",
        "from django.core.management.utils import get_random_secret_key\n"
        "SECRET_KEY = get_random_secret_key()",
        "DEBUG = os.environ['ITS_DEBUG']",
    ],
)
def test_what_follows_from_a_variable_that_is_told_is_not_said_again(seen: Look, text: str) -> None:
    assert "cannot be told by reading" not in seen({}, settings=f"import vault\n{text}\n").text


def test_a_variable_is_required_where_one_of_its_readers_has_no_default(seen: Look) -> None:
    text = (
        "NAME = os.getenv('DB_NAME', 'shop')\nif not os.getenv('DB_NAME'):\n    raise ValueError\n"
    )
    assert seen({}, settings=text).secret == {"SECRET_KEY", "DB_NAME"}
    has_one = text.replace("os.getenv('DB_NAME'):", "os.getenv('DB_NAME', 'shop'):")
    assert seen({}, settings=has_one).secret == {"SECRET_KEY"}


def test_a_list_is_known_as_far_as_it_is_written(seen: Look) -> None:
    text = "import vault\nALLOWED_HOSTS = [os.getenv('DOMAIN', 'shop.example.net')]"
    its = seen({}, settings=f"{text} + vault.get('hosts')\n")
    assert its.found.settings["server_name"] == "shop.example.net"
    assert 'hosts or databases: DOMAIN ("shop.example.net")' in its.text
    assert "cannot be told by reading" not in its.text
    # Nothing of it is written.
    nothing = "import vault\nALLOWED_HOSTS = [] + vault.get('hosts')\n"
    assert "what ALLOWED_HOSTS" in seen({}, settings=nothing).text


def test_variables_that_name_other_servers_are_told_with_their_defaults(seen: Look) -> None:
    text = (
        "A = os.getenv('REDIS_URL', 'redis://redis:6379/0')\n"
        "B = os.getenv('QUEUE', 'amqp://me:secret@queue')\n"
        "C = os.getenv('DOCS', 'https://docs.example.net')\n"
        "D = {'ENGINE': 'django.db.backends.postgresql', 'NAME': 'shop'}\n"
        "DATABASES = {'default': D, 'old': D | {'NAME': os.getenv('OLD_DB', 'old')}}\n"
    )
    [word] = [one for one in seen({}, settings=text).found.words["env"] if "by default" in one]
    servers = 'REDIS_URL ("redis://redis:6379/0"), QUEUE, OLD_DB ("old")'
    assert word == f"by default these name hosts or databases: {servers}"


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ("    FILE.write_text(SECRET_KEY)\n", "each release would have a different one"),
        ("", "each process would have a different one"),
    ],
)
def test_a_key_that_is_made_by_chance_is_told_with_what_it_costs(
    seen: Look, kept: str, said: str
) -> None:
    text = (
        "import vault\nFILE = vault.folder(os.getenv('DATA')) / '.secret'\nif FILE.exists():\n"
        "    SECRET_KEY = FILE.read_text()\nelse:\n    SECRET_KEY = get_random_string(50)\n"
    )
    its = seen({}, settings=f"{text}{kept}")
    assert "shop/settings.py: SECRET_KEY may be made by get_random_string" in its.wrong
    assert said in its.wrong


@pytest.mark.parametrize(
    "read", ["environ['APP_ENV']", "getenv('APP_ENV')", "environ.get('APP_ENV')"]
)
@pytest.mark.parametrize(
    ("default", "value"), [("production", None), ("development", "production")]
)
def test_what_the_settings_put_into_the_environment_is_there(
    seen: Look, read: str, default: str, value: str | None
) -> None:
    text = f"os.environ.setdefault('APP_ENV', '{default}')\nDEBUG = os.{read} == 'development'\n"
    its = seen({}, settings=text)
    assert its.names["env"].get("APP_ENV") == value
    assert its.secret == {"SECRET_KEY"}
    assert its.wrong == ""
    its.loads()


def test_parts_of_settings_are_included_by_a_variable(seen: Look) -> None:
    text = (
        "from os import environ\nfrom split_settings.tools import include, optional\n"
        "environ.setdefault('SHOP_ENV', 'development')\nKIND = environ['SHOP_ENV']\n"
        "ITS = ('parts/base.py', f'parts/{KIND}.py', optional('parts/local.py'))\ninclude(*ITS)\n"
    )
    files = {
        "shop/settings.py": text,
        "shop/parts/base.py": SETTINGS.replace("parent.parent", "parent.parent.parent"),
        "shop/parts/development.py": "DEBUG = True\nSECRET_KEY = 'abc'\n",
        "shop/parts/production.py": "DEBUG = False\nMEDIA_ROOT = BASE_DIR / 'media'\n",
    }
    its = seen(files)
    assert its.names["env"]["SHOP_ENV"] == "production"
    assert its.secret == {"SECRET_KEY"}
    assert its.names["media_root"] == "media"
    assert its.wrong == ""
