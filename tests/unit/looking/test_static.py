"""Static files and uploads."""

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
