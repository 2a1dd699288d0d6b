"""Which module has the settings."""

import pytest

from tests.unit.looking.shop import MANAGE, SETTINGS, WSGI, Look


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


ON = (
    SETTINGS.replace("parent.parent", "parent.parent.parent")
    .replace('os.environ["SECRET_KEY"]', '"any"')
    .replace("DEBUG = False", "DEBUG = True")
)
OFF = "from shop.settings.base import *\nDEBUG = False\n"
SERVERS = f"{OFF}SECRET_KEY = os.environ['SECRET_KEY']\n"


@pytest.mark.parametrize(
    ("modules", "chosen"),
    [
        # As one for building static files would have it.
        ({"cloud": SERVERS, "static": OFF}, "shop.settings.cloud"),
        ({"cloud": SERVERS, "other": SERVERS}, None),
        ({"cloud": SERVERS.replace("shop.settings.base", "shop.settings.more")}, None),
        ({"ci": SERVERS}, None),
    ],
)
def test_a_module_for_servers_is_known_by_what_it_sets(
    seen: Look, modules: dict[str, str], chosen: str | None
) -> None:
    files: dict[str, str | None] = {
        f"shop/settings/{name}.py": text for name, text in modules.items()
    }
    files |= {"shop/settings.py": None, "shop/settings/__init__.py": ""}
    files |= {"shop/settings/base.py": ON, "shop/settings/more.py": ON}
    files["manage.py"] = MANAGE.format("shop.settings.local")
    files["shop/settings/local.py"] = "from .base import *\n"
    files["shop/wsgi.py"] = WSGI.format("shop.settings.local")
    its = seen(files)
    expected = chosen or "shop.settings.settings_on_servers"
    assert its.names["env"]["DJANGO_SETTINGS_MODULE"] == expected
    its.loads()
