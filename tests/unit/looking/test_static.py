"""Static files and uploads."""

import pytest

from tests.unit.looking.shop import APP, SETTINGS, Look


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
    assert "below src, unless STATIC in env names another place" in its.wrong
    assert f"shop/settings.py:{line - 1}: MEDIA_ROOT is /srv/media, outside of the" in its.wrong
    assert its.names["media_root"] == "media"
    assert its.on_servers()["STATIC_ROOT"] == str(its.source / "staticfiles")
    assert its.on_servers()["MEDIA_ROOT"] == its.source / "media"
    assert its.on_servers(STATIC="/var/static")["STATIC_ROOT"] == "/var/static"
    its.loads()
    assert "outside" not in seen({}, settings="STATIC_ROOT = ''\nMEDIA_ROOT = None\n").wrong


def test_what_is_the_same_as_a_folder_that_is_moved_moves_with_it(seen: Look) -> None:
    text = "STATIC_ROOT = '/srv/static'\nCOMPRESS_ROOT = STATIC_ROOT\nSTATIC_URL = '/static/'\n"
    its = seen({}, settings=text)
    assert its.on_servers()["COMPRESS_ROOT"] == str(its.source / "staticfiles")


def test_a_folder_is_moved_below_src_though_the_settings_lie_deeper(seen: Look) -> None:
    files = dict.fromkeys(APP) | {
        f"lib/{name}": text for name, text in APP.items() if name.startswith("shop/")
    }
    files |= {"manage.py": APP["manage.py"], "requirements.txt": APP["requirements.txt"]}
    files["lib/shop/settings.py"] = f"{SETTINGS}STATIC_ROOT = '/srv/static'\n"
    its = seen(files)
    assert its.on_servers(PYTHONPATH="lib")["STATIC_ROOT"] == str(its.source / "staticfiles")


def test_debugs_variables_are_none_that_say_another_place(seen: Look) -> None:
    text = (
        "DEBUG = os.environ.get('DEBUG', '1') == '1'\n"
        "MEDIA_ROOT = '/tmp/media' if DEBUG else '/srv/media'\n"
        "STATIC_ROOT = '/srv/static' if not DEBUG else None\n"
    )
    its = seen({}, settings=text)
    assert "MEDIA_ROOT is /srv/media" in its.wrong
    assert "STATIC_ROOT is /srv/static" in its.wrong
    assert "names another place" not in its.wrong
    assert its.on_servers(DEBUG="False")["MEDIA_ROOT"] == str(its.source / "media")
    its.loads()


@pytest.mark.parametrize(
    ("url", "said", "static_url"),
    [
        ("https://static.example.com/", "needs /static/ as its origin's path", None),
        ("//cdn.example.com/assets/", "finds them", "/assets/"),
        ("https://shop.example.com/assets/", None, "/assets/"),
        ("/assets/", None, "/assets/"),
    ],
)
def test_files_that_another_host_is_asked_for_are_told(
    seen: Look, url: str, said: str | None, static_url: str | None
) -> None:
    its = seen({}, settings=f"STATIC_URL = {url!r}\nMEDIA_ROOT = 'm'\nMEDIA_URL = {url!r}\n")
    for setting in ("static_url", "media_url"):
        words = " ".join(its.found.words.get(setting, []))
        assert ("does not answer there: a CDN" in words) == (said is not None)
        assert not said or said.replace("static", setting.partition("_")[0]) in words
    assert its.names.get("static_url") == static_url


def test_the_variable_that_names_another_host_is_named(seen: Look) -> None:
    text = "STATIC_URL = f\"https://{os.getenv('STATIC_HOST', 'static.example.com')}/\"\n"
    words = " ".join(seen({}, settings=text).found.words["static_url"])
    assert "unless STATIC_HOST in env names another place" in words
