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


ABOVE = (
    "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3',\n"
    "  'NAME': BASE_DIR.parent / 'data' / 'db.sqlite3'}}\nMEDIA_ROOT = BASE_DIR.parent / 'media'\n"
)


def test_what_lies_above_src_is_below_it_on_servers(seen: Look) -> None:
    its = seen(moved({**APP, "shop/settings.py": SETTINGS + ABOVE}, "backend"))
    assert "the SQLite database is data/db.sqlite3 in the source, above src" in its.wrong
    assert "MEDIA_ROOT is media in the source, above src" in its.wrong
    plain = its.plain
    del plain["files"]
    assert plain == {
        "src": "backend",
        "shared": ["data/db.sqlite3"],
        "media_root": "media",
        "migrate": "each",
        "env": ["SECRET_KEY", "DJANGO_SETTINGS_MODULE"],
    }
    names = its.on_servers()
    assert names["DATABASES"]["default"]["NAME"] == its.source / "backend/data/db.sqlite3"
    assert names["MEDIA_ROOT"] == its.source / "backend/media"
    its.loads()


def test_what_the_source_has_below_src_is_not_replaced_by_what_lies_above(seen: Look) -> None:
    files = {**APP, "shop/settings.py": SETTINGS + ABOVE, "media/__init__.py": ""}
    its = seen(moved(files, "backend"))
    assert its.plain["media_root"] == "on_servers/media"
    assert its.on_servers()["MEDIA_ROOT"] == its.source / "backend/on_servers/media"
    its.loads()


def test_a_variable_goes_before_what_is_written_for_servers(seen: Look) -> None:
    text = (
        "DATA = os.getenv('DATA_DIR', str(BASE_DIR.parent / 'data'))\n"
        "DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3',\n"
        "  'TIMEOUT': os.getenv('DB_TIMEOUT'), 'NAME': os.path.join(DATA, 'db.sqlite3')}}\n"
    )
    its = seen(moved({**APP, "shop/settings.py": SETTINGS + text}, "backend"))
    assert "below src, unless DATA_DIR in env names another place" in its.wrong
    (name, other) = (
        its.on_servers(**env)["DATABASES"]["default"]["NAME"]
        for env in ({"DB_TIMEOUT": "5"}, {"DATA_DIR": "/srv/data"})
    )
    assert name == str(its.source / "backend/data/db.sqlite3")
    assert other == "/srv/data/db.sqlite3"
    its.loads()
