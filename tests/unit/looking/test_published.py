"""Secrets that are in the source, for all to read, go live in no printed settings unsaid."""

import pytest

from tests.unit.looking.shop import SETTINGS, Look

BARE = SETTINGS.replace('SECRET_KEY = os.environ["SECRET_KEY"]\n', "").replace(
    "DEBUG = False\n", ""
)
BY_CONFIG = "__import__('configparser').ConfigParser()"
BY_DEBUG = 'SECRET_KEY = "hello!" if DEBUG else os.getenv("DJANGO_SECRET_KEY")\n'


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((f"os.getenv('DJANGO_DEBUG') != '{one}'", one) for one in ("FALSE", "NO", "OFF", "0")),
        ("os.getenv('DJANGO_DEBUG') != 'nope'", "nope"),
        ("os.getenv('DJANGO_DEBUG') not in ('never', 'not')", "never"),
        ("os.getenv('DJANGO_DEBUG') != ''", ""),
    ],
)
def test_debug_is_switched_off_by_the_text_that_the_settings_ask_for(
    seen: Look, text: str, value: str
) -> None:
    its = seen({"shop/settings.py": f"{BARE}DEBUG = {text}\n{BY_DEBUG}"})
    assert its.names["env"]["DJANGO_DEBUG"] == value
    assert its.secret == {"DJANGO_SECRET_KEY"}
    assert (its.wrong, "files" in its.names) == ("", False)
    its.loads()


@pytest.mark.parametrize(
    ("debug", "key"),
    [
        ("True", BY_DEBUG),
        ("os.getenv('DJANGO_DEBUG') != made()", BY_DEBUG),
        ("bool(made())", f"if DEBUG:\n    SECRET_KEY = 'x'\nelse:\n    {BY_DEBUG}"),
        ("False", "SECRET_KEY = 'abc'\nif made():\n    SECRET_KEY = os.environ['ITS_KEY']\n"),
        ("False", "SECRET_KEY = os.environ['ITS_KEY']\nif made():\n    SECRET_KEY = 'abc'\n"),
        ("False", "SECRET_KEY = made() or 'abc'\n"),
        ("False", f"SECRET_KEY = {BY_CONFIG}.get('a', 'key', fallback='abc')\n"),
        ("False", "SECRET_KEY = 'abc' if made() else os.environ['ITS_KEY']\n"),
        ("False", 'SECRET_KEY = f\'{os.path.join("a", "b")}-key\'\n'),
        ("False", "SECRET_KEY = b'abc'\n"),
        ("False", "try:\n    SECRET_KEY = made()\nexcept OSError:\n    SECRET_KEY = 'abc'\n"),
        ("False", "try:\n    from .local import *\nexcept ImportError:\n    SECRET_KEY = 'abc'\n"),
    ],
)
def test_a_key_that_may_be_one_of_the_source_is_told_and_none_on_servers(
    seen: Look, debug: str, key: str
) -> None:
    text = f"from tempfile import mkdtemp as made\n{BARE}DEBUG = {debug}\n{key}"
    its = seen({"shop/settings.py": text})
    assert "SECRET_KEY is in the source" in its.wrong or "may be one that is in" in its.wrong
    its.loads()
    environment = {one: text for one, text in its.names["env"].items() if isinstance(text, str)}
    secrets = {one: f"its {one}" for one in its.secret}
    on_servers = its.on_servers(**{**environment, **secrets, "PYTHONPATH": str(its.source)})
    assert on_servers["SECRET_KEY"] in secrets.values()


@pytest.mark.parametrize(
    "key",
    [
        "os.environ['ITS_KEY']",
        "os.environ.get('ITS_KEY', 'x')",
        "os.environ.get('ITS_KEY') or 'x'",
        "f\"{os.environ['ITS_KEY']}-x\"",
        "'x' if DEBUG else os.environ['ITS_KEY']",
    ],
)
def test_a_key_of_the_environment_stays_it(seen: Look, key: str) -> None:
    its = seen({"shop/settings.py": f"{BARE}DEBUG = False\nSECRET_KEY = {key}\n"})
    assert its.secret == {"ITS_KEY"}
    assert (its.wrong, "files" in its.names) == ("", False)


def test_what_is_made_of_the_key_has_the_servers_own(seen: Look) -> None:
    text = "SECRET_KEY = 'abc'\nSIGNING = SECRET_KEY\nJWT = {'SIGNING_KEY': SECRET_KEY}\n"
    its = seen({}, settings=f"{text}SECRET_KEY_FALLBACKS = ['old']\n")
    line = len((SETTINGS + text).splitlines())
    assert f"what stands at shop/settings.py:{line} is made of that SECRET_KEY" in its.wrong
    on_servers = its.on_servers(SECRET_KEY="new")
    assert (on_servers["SIGNING"], on_servers["SECRET_KEY_FALLBACKS"]) == ("new", [])


def test_a_key_beside_settings_of_others_is_told(seen: Look) -> None:
    its = seen({"shop/settings.py": "from others.settings import *\nSECRET_KEY = 'abc'\n"})
    assert "shop/settings.py:2: SECRET_KEY is in the source" in its.wrong
    assert its.secret == {"SECRET_KEY"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("EMAIL_HOST_PASSWORD = 'abc'", "EMAIL_HOST_PASSWORD is in the source"),
        (
            "EMAIL_HOST_PASSWORD = os.getenv('MAIL', 'abc')",
            "EMAIL_HOST_PASSWORD is in the source: set MAIL in env",
        ),
        ("STRIPE_API_KEY = os.getenv('STRIPE') or 'abc'", "STRIPE_API_KEY is in the source"),
        ("JWT = {'auth': {'SIGNING_KEY': 'abc'}}", 'JWT["auth"]["SIGNING_KEY"] is in the source'),
        (
            "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql',\n"
            "  'HOST': os.getenv('HOST', 'db'), 'PASSWORD': 'abc'}}",
            'DATABASES["default"]["PASSWORD"] is in the source',
        ),
        ("EMAIL_HOST_PASSWORD = os.getenv('MAIL', '')", None),
        ("EMAIL_HOST_PASSWORD = os.environ['MAIL']", None),
        ("USER_TOKEN = 'rest_framework.authtoken.Token'", None),
        ("PASSWORD_RESET_TEMPLATE = 'abc'", None),
        ("RATES = {'reset_password': '5/m/ip,1/s/key'}", None),
    ],
)
def test_another_secret_of_the_source_is_told(seen: Look, text: str, told: str | None) -> None:
    its = seen({}, settings=f"{text}\n")
    assert told in its.wrong if told else its.wrong == ""
    assert "abc" not in its.text


@pytest.mark.parametrize(
    "env", ["os.environ.copy()", "os.environ", "dict(os.environ)", "dict(os.environ, A='b')"]
)
@pytest.mark.parametrize(
    "text",
    [
        "if 'ITS_KEY' in env:\n    SECRET_KEY = env['ITS_KEY']\n",
        "if os.getenv('ITS_KEY'):\n    SECRET_KEY = env['ITS_KEY']\n",
        "SECRET_KEY = env.get('ITS_KEY')\n",
        "SECRET_KEY = env['ITS_KEY']\n",
    ],
)
def test_a_key_that_is_there_once_a_variable_is_set_is_set_by_it(
    seen: Look, env: str, text: str
) -> None:
    its = seen({"shop/settings.py": f"{BARE}DEBUG = False\nenv = {env}\n{text}"})
    assert its.secret == {"ITS_KEY"}
    assert (its.wrong, "files" in its.names) == ("", False)
