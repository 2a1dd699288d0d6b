"""Static files and uploads."""

from tests.unit.looking.shop import SETTINGS, Look


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
    assert "is refused with it, unless STATIC in env names another place" in its.wrong
    assert f"shop/settings.py:{line - 1}: MEDIA_ROOT is /srv/media, outside of the" in its.wrong
    assert "media_root" not in its.names
    its.loads()
    assert "outside" not in seen({}, settings="STATIC_ROOT = ''\nMEDIA_ROOT = None\n").wrong
