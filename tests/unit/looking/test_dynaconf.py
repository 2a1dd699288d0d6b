"""Settings that dynaconf takes over: no module of ours would be in force."""

import pytest

from tests.unit.looking.shop import SETTINGS, Look

START = SETTINGS.replace('os.environ["SECRET_KEY"]', '"committed"').replace(
    "DEBUG = False", "DEBUG = True"
)
END = "import dynaconf\nsettings = dynaconf.DjangoDynaconf(__name__)\n"
DATABASE = "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': %r}}\n"


@pytest.mark.parametrize(
    ("end", "prefix"),
    [
        (END, "DJANGO"),
        (END.replace("__name__", "__name__, ENVVAR_PREFIX_FOR_DYNACONF='SHOP'"), "SHOP"),
        (END.replace("__name__", "__name__, envvar_prefix='SHOP'"), "SHOP"),
        (
            "from dynaconf import DjangoDynaconf\nsettings = DjangoDynaconf(__name__)\n",
            "DJANGO",
        ),
    ],
)
def test_dynaconf_has_what_servers_need_from_its_variables(
    seen: Look, end: str, prefix: str
) -> None:
    hosts = "ALLOWED_HOSTS = []\n"
    its = seen({"shop/settings.py": f"{START}{hosts}{DATABASE % 'db.sqlite3'}{end}"})
    assert {**its.names["env"], f"{prefix}_SECRET_KEY": ""} == {
        "ENV_FOR_DYNACONF": "production",
        f"{prefix}_SECRET_KEY": "",
        f"{prefix}_DEBUG": "False",
        f"{prefix}_ALLOWED_HOSTS": '["shop.example.com"]',
    }
    assert its.secret == {f"{prefix}_SECRET_KEY"}
    assert its.names["shared"] == ["db.sqlite3"]
    assert ("files" in its.names, its.wrong) == (False, "")
    its.loads()


def test_what_a_module_would_set_is_set_by_variables_or_told(seen: Look) -> None:
    text = "MEDIA_ROOT = '/var/media'\nSTATIC_ROOT = '/var/static'\nVITE = DEBUG\n"
    text += "SECRET_KEY_FALLBACKS = ['old']\n" + DATABASE % "../db.sqlite3"
    its = seen({"shop/settings.py": START + text + END})
    assert its.names["env"]["DJANGO_MEDIA_ROOT"] == its.names["media_root"] == "media"
    assert its.names["env"]["DJANGO_STATIC_ROOT"] == "staticfiles"
    assert "files" not in its.names
    line = len(START.splitlines()) + 3
    assert f"before dynaconf sets it: look at shop/settings.py:{line}" in its.wrong
    assert "undo a module with SECRET_KEY_FALLBACKS = []: set DJANGO_SECRET_KEY_F" in its.wrong
    assert "the module in files" not in its.wrong
    its.loads()


@pytest.mark.parametrize(
    ("text", "section"),
    [("[default]\n[prod]\nDEBUG = true\n", "prod"), ("[default]\nDEBUG = true\n", "production")],
)
def test_files_that_dynaconf_reads_may_say_anything(seen: Look, text: str, section: str) -> None:
    files = {"shop/settings.py": SETTINGS + END, "settings.toml": text}
    its = seen(files)
    assert its.names["env"]["DJANGO_DEBUG"] == "False"
    assert its.names["env"]["ENV_FOR_DYNACONF"] == section
    assert "dynaconf reads settings.toml too" in its.text
