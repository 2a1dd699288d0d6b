"""What the site writes below itself."""

import json

from tests.unit.looking.shop import APP, SETTINGS, Look, moved


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
