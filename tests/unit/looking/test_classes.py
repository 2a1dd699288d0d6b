"""Classes of settings, one of which django-configurations chooses by a variable."""

import pytest

from tests.unit.looking.shop import APP, MANAGE, Look, Seen

NAMED = 'os.environ.setdefault("DJANGO_CONFIGURATION", "Development")\n'
FILES = {
    "manage.py": MANAGE.format("shop.settings") + NAMED,
    "shop/wsgi.py": APP["shop/wsgi.py"].replace("application =", f"{NAMED}application ="),
    "requirements.txt": "django==5.2.*\ngunicorn\ndjango-configurations\n",
}
SETTINGS = """
from pathlib import Path

from configurations import Configuration, values

BASE_DIR = Path(__file__).resolve().parent.parent


class Uploads:
    MEDIA_ROOT = BASE_DIR / "media"


class Base(Uploads, Configuration):
    INSTALLED_APPS = ["django.contrib.staticfiles", "shop"]
    STATIC_URL = "/static/"
    LOGGING = {}
    SECRET_KEY = values.Value("any")
    DEBUG = values.BooleanValue(False)
    ALLOWED_HOSTS = []
    DATABASES = values.DatabaseURLValue("sqlite:///db.sqlite3")


class Development(Base):
    DEBUG = True
    ALLOWED_HOSTS = ["*"]


"""
SERVERS = """class {}(Base):
    INSTALLED_APPS = Base.INSTALLED_APPS + ["django.contrib.auth"]
    SECRET_KEY = values.SecretValue()
    ALLOWED_HOSTS = values.ListValue([])
    TOKEN_URL = values.Value(environ_name="ITS_URL", environ_prefix="SHOP", environ_required=True)


class Pre{}({}):
    pass
"""


def of(seen: Look, name: str = "Production", more: str = "") -> Seen:
    return seen({**FILES, "shop/settings.py": SETTINGS + SERVERS.format(name, name, name) + more})


@pytest.mark.parametrize("name", ["Production", "Prod", "ProdSettings", "Live"])
def test_the_class_for_servers_is_named_and_followed(seen: Look, name: str) -> None:
    its = of(seen, name)
    assert its.names["env"]["DJANGO_CONFIGURATION"] == name
    assert its.names["env"]["DJANGO_ALLOWED_HOSTS"] == "shop.example.com"
    assert its.secret == {"DJANGO_SECRET_KEY", "SHOP_ITS_URL"}
    assert its.names["shared"] == ["db.sqlite3"]
    assert its.names["media_root"] == "media"
    assert (its.wrong, "files" in its.names) == ("", False)
    its.loads()


def test_what_it_lacks_is_in_a_class_that_is_made_of_it(seen: Look) -> None:
    more = "class Server(Staging):\n    DEBUG = True\n    SECRET_KEY = 'abc'\n"
    its = of(seen, "Staging", more)
    module = its.names["files"]["shop/settings_on_servers.py"]
    assert "class OnServers(Server):\n    DEBUG = False\n" in module
    assert '    SECRET_KEY = os.environ["SECRET_KEY"]\n' in module
    assert its.names["env"]["DJANGO_CONFIGURATION"] == "OnServers"
    assert "SECRET_KEY is in the source" in its.wrong
    compile(module, "settings_on_servers.py", "exec")
    its.loads()


def test_where_none_is_for_servers_they_are_listed(seen: Look) -> None:
    its = seen({**FILES, "shop/settings.py": SETTINGS})
    assert "has the classes Base, Development, and Development is in force by itself" in its.wrong
    assert 'set "DJANGO_CONFIGURATION" in env to the one for servers' in its.wrong
    its.loads()


def test_the_class_that_is_in_force_by_itself_needs_no_name(seen: Look) -> None:
    text = SETTINGS + SERVERS.format("Shop", "Shop", "Shop")
    files = {name: text.replace('"Development"', '"Shop"') for name, text in FILES.items()}
    its = seen({**files, "shop/settings.py": text})
    assert "DJANGO_CONFIGURATION" not in its.names["env"]
    assert its.secret == {"DJANGO_SECRET_KEY", "SHOP_ITS_URL"}


@pytest.mark.parametrize("bases", ["A{0}", "A{0}, A{0}"])
def test_a_class_counts_once_however_often_others_are_made_of_it(seen: Look, bases: str) -> None:
    chain = "".join(f"class A{n + 1}({bases.format(n)}):\n    pass\n\n" for n in range(1500))
    more = f"class A0(Base):\n    KEPT = 'media'\n\n{chain}class Live(A1500):\n    pass\n"
    its = seen({**FILES, "shop/settings.py": f"{SETTINGS}{more}MEDIA_ROOT = A1500.KEPT\n"})
    assert "class OnServers(Live):" in its.names["files"]["shop/settings_on_servers.py"]
    assert its.names["media_root"] == "media"


def test_of_two_classes_the_one_that_python_asks_first_counts(seen: Look) -> None:
    more = (
        "class One(Base):\n    MEDIA_ROOT = BASE_DIR / 'ours'\n\n\nclass Other(Base):\n    pass\n"
    )
    its = seen({**FILES, "shop/settings.py": f"{SETTINGS}{more}class Live(Other, One): pass\n"})
    assert its.names["media_root"] == "ours"


def test_settings_of_a_newer_python_are_read(seen: Look) -> None:
    text = "try:\n    import vault\nexcept ImportError, os.error:\n    MEDIA_ROOT = 'media'\n"
    assert seen({}, settings=f"{text}DEBUG = True\n").wrong.startswith("shop/settings.py:")
