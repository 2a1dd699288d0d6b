"""SQLite's file outlives releases."""

import pytest

from tests.unit.looking.shop import Look


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("'NAME': BASE_DIR / 'db.sqlite3'", ["db.sqlite3"]),
        ("'NAME': os.path.join(BASE_DIR, 'data', 'db.sqlite3')", ["data/db.sqlite3"]),
        ("'NAME': 'db.sqlite3'", ["db.sqlite3"]),
        ("'NAME': '/var/lib/shop/db.sqlite3'", None),
        ("'NAME': os.getenv('DB_NAME', f'{BASE_DIR}/db.sqlite3')", ["db.sqlite3"]),
    ],
)
def test_a_sqlite_database_is_shared(seen: Look, text: str, shared: list[str] | None) -> None:
    text = f"DATABASES = {{'default': {{'ENGINE': 'django.db.backends.sqlite3', {text}}}}}\n"
    its = seen({}, settings=text)
    assert its.names.get("shared") == shared
    assert its.names.get("migrate") == ("each" if shared else None)
    its.loads()


ENTRY = "{{'ENGINE': 'django.db.backends.sqlite3', 'NAME': {}}}"


@pytest.mark.parametrize(
    ("text", "env"),
    [
        (
            "import dj_database_url\n"
            "ITS = dj_database_url.parse(os.environ.get('DATABASE_URL', 'sqlite://:memory:'))",
            ["SECRET_KEY", "DATABASE_URL"],
        ),
        (
            "import environ\nITS = environ.Env().db(default='sqlite://:memory:')",
            ["SECRET_KEY", "DATABASE_URL"],
        ),
        (f"ITS = {ENTRY}".format("os.getenv('DB_NAME', ':memory:')"), ["SECRET_KEY", "DB_NAME"]),
        (f"ITS = {ENTRY}".format("'file:shop?mode=memory&cache=shared'"), ["SECRET_KEY"]),
        (f"ITS = {ENTRY}".format("':memory:'"), ["SECRET_KEY"]),
    ],
)
def test_a_database_in_memory_is_told(seen: Look, text: str, env: list[str]) -> None:
    its = seen({}, settings=f"{text}\nDATABASES = {{'default': ITS}}\n")
    (line,) = its.found.wrong
    assert "the database is in memory: everything would be lost at each start" in line
    assert line.endswith("set DATABASES in files") == (env == ["SECRET_KEY"])
    assert its.plain == {"env": env}
    assert its.secret == {*env}
    assert "shared" not in its.text


def test_another_database_is_not_told_by_the_variable_that_has_debug_on(seen: Look) -> None:
    text = (
        "DEBUG = os.getenv('SHOP_DEBUG') == '1'\nits = 'dev' if DEBUG else 'db'\n"
        f"DATABASES = {{{{'default': {ENTRY}}}}}\n".format("BASE_DIR / its")
    )
    its = seen({}, settings=text)
    assert its.names["shared"] == ["db"]
    assert "another database than SQLite" not in its.text


def test_a_file_of_the_servers_own_is_told_with_what_has_it_elsewhere(seen: Look) -> None:
    its = seen(
        {},
        settings=f"ITS = {ENTRY}\nDATABASES = {{{{'default': ITS}}}}\n".format(
            "os.getenv('DB_NAME', '/var/shop/db.sqlite3')"
        ),
    )
    [said] = its.found.words["env"]
    assert said.startswith("SQLite is used: its file is /var/shop/db.sqlite3 of the server")
    assert said.endswith("DB_NAME in env names another place")
    assert "shared" not in its.names


def test_another_database_is_told_where_one_is_shared(seen: Look) -> None:
    text = "import dj_database_url\nDATABASES = {'default': dj_database_url.config(default="
    word = 'env["DATABASE_URL"], in place of this'
    its = seen({}, settings=f"{text}'sqlite:///db.sqlite3')}}\n")
    assert (its.names.get("shared"), word in its.text) == (["db.sqlite3"], True)
    outside = seen({}, settings=f"{text}'sqlite:////data/db.sqlite3')}}\n")
    assert (outside.names.get("shared"), word in outside.text) == (None, False)
    [said] = outside.found.words["env"]
    assert said.endswith("DATABASE_URL in env names another place")


@pytest.mark.parametrize(
    ("name", "then", "is_told"),
    [
        ("TESTING", "['TEST'] = {}", False),
        ("SAMPLE", "['NAME'] = BASE_DIR / 'sample.sqlite3'", True),
        ("USE_DB", "['TEST'] = {}", True),
    ],
)
def test_what_only_adds_to_a_database_is_none_that_says_another(
    seen: Look, name: str, then: str, is_told: bool
) -> None:
    text = (
        "ITS = {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db'}\n"
        "DATABASES = {'default': ITS}\n"
        f"if os.environ.get({name!r}):\n    DATABASES['default']{then}\n"
    )
    its = seen({}, settings=text)
    assert (f"another database than SQLite: {name} in env" in its.text) == is_told
    its.loads()


@pytest.mark.parametrize(
    "name",
    ["os.environ.get('ITS_DB_PATH', 'db')", "BASE_DIR / os.environ.get('ITS_DB_PATH', 'db')"],
)
def test_a_variable_for_the_file_says_no_other_database(seen: Look, name: str) -> None:
    text = f"ITS = {ENTRY}\nDATABASES = {{{{'default': ITS}}}}\n".format(name)
    its = seen({}, settings=text)
    assert its.names["shared"] == ["db"]
    assert "another database than SQLite" not in its.text
    assert "its file is elsewhere with ITS_DB_PATH in env" in its.text


@pytest.mark.parametrize("case", ["'lite'", "'lite' | 'sqlite'"])
def test_a_database_that_a_match_chooses_is_followed(seen: Look, case: str) -> None:
    text = (
        "def databases(kind):\n    match kind:\n"
        "        case 'pg':\n            its = {'ENGINE': 'django.db.backends.postgresql'}\n"
        f"        case {case}:\n"
        "            its = {'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE_DIR / 'db'}\n"
        "        case _:\n            its = {}\n"
        "    return {'default': its}\nDATABASES = databases(os.environ.get('DB_KIND', 'lite'))\n"
    )
    its = seen({}, settings=text)
    assert (its.names["shared"], its.names["migrate"]) == (["db"], "each")
    assert "another database than SQLite: DB_KIND in env" in its.text
    its.loads()
    what_is_not_plain = seen({}, settings=text.replace(f"case {case}", "case str(its)"))
    assert "shared" not in what_is_not_plain.names
