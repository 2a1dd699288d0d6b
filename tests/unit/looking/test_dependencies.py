"""What is to be installed, with which extras and groups."""

import pytest

from tests.unit.looking.shop import APP, PYPROJECT, SETTINGS, Look, moved

LOCKED = """
version = 1
requires-python = ">=3.13"

[[package]]
name = "shop"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "django" }]

[package.optional-dependencies]
production = [{ name = "gunicorn" }, { name = "psycopg2" }]

[package.dev-dependencies]
search = [{ name = "django-haystack" }]

[package.metadata]
requires-dist = [
    { name = "django" },
    { name = "gunicorn", marker = "extra == 'production'" },
    { name = "psycopg2", marker = "extra == 'production'" },
]
provides-extras = ["production"]

[package.metadata.requires-dev]
search = [{ name = "django-haystack" }]
"""


def locked(name: str) -> str:
    wheel = f"https://example.com/{name.replace('-', '_')}-1.0-py3-none-any.whl"
    return (
        f'[[package]]\nname = "{name}"\nversion = "1.0"\n'
        f'source = {{ registry = "https://example.com/simple" }}\n'
        f'wheels = [{{ url = "{wheel}", hash = "sha256:{"0" * 64}", size = 1 }}]\n'
    )


def test_a_uv_lock_with_extras_and_groups(seen: Look) -> None:
    names = ("django", "gunicorn", "psycopg2", "django-haystack")
    project = PYPROJECT.replace('s3 = ["django-storages"]\n', "")
    its = seen(
        {
            "requirements.txt": None,
            "pyproject.toml": project.replace('dev = ["django-debug-toolbar"]\n', ""),
            "uv.lock": LOCKED + "\n".join(map(locked, names)),
        },
        settings="INSTALLED_APPS += ['haystack']\n",
    )
    assert its.plain == {
        "python": "3.13",
        "requirements": "uv.lock",
        "extras": ["production"],
        "groups": ["search"],
        "env": ["SECRET_KEY"],
        "extra_packages": ["libpq-dev"],
    }
    assert "Debian 13" in its.text
    its.loads()


def test_a_uv_lock_of_a_workspace_is_looked_at_for_its_member(seen: Look) -> None:
    lock = LOCKED.replace('virtual = "."', 'virtual = "web"')
    lock = lock.replace("[[package]]", '[manifest]\nmembers = ["shop"]\n\n[[package]]', 1)
    names = ("django", "gunicorn", "psycopg2", "django-haystack")
    project = PYPROJECT.replace('s3 = ["django-storages"]\n', "")
    settings = f"{SETTINGS}INSTALLED_APPS += ['haystack']\n"
    its = seen(
        {
            **dict.fromkeys(APP),
            **{f"web/{name}": text for name, text in APP.items() if "requirements" not in name},
            "web/shop/settings.py": settings,
            "shop/settings.py": None,
            "web/pyproject.toml": project.replace('dev = ["django-debug-toolbar"]\n', ""),
            "pyproject.toml": '[tool.uv.workspace]\nmembers = ["web"]\n',
            "uv.lock": lock + "\n".join(map(locked, names)),
        },
    )
    assert (its.plain["src"], its.plain["requirements"]) == ("web", "uv.lock")
    assert its.plain["extras"] == ["production"]
    assert its.plain["groups"] == ["search"]


def test_a_pyproject_with_what_the_settings_import(seen: Look) -> None:
    files = {"requirements.txt": None, "pyproject.toml": PYPROJECT}
    its = seen(
        files, settings="import storages\nif DEBUG:\n    INSTALLED_APPS += ['debug_toolbar']\n"
    )
    assert its.plain["requirements"] == "pyproject.toml"
    assert its.plain["extras"] == ["production", "s3"]
    assert "groups" not in its.plain
    assert "not installed: search (groups)" in its.text
    its.loads()


@pytest.mark.parametrize(
    ("files", "chosen"),
    [
        ({"requirements/production.txt": "django\n", "requirements/dev.txt": "x\n"}, "production"),
        ({"requirements/base.txt": "django\n", "requirements/dev.txt": "x\n"}, "base"),
    ],
)
def test_which_file_of_several(seen: Look, files: dict[str, str], chosen: str) -> None:
    its = seen({"requirements.txt": None, **files})
    assert its.plain["requirements"] == f"requirements/{chosen}.txt"
    its.loads()
    developers = seen({"requirements.txt": "-r requirements/dev.txt\n", **files})
    assert developers.plain["requirements"] == f"requirements/{chosen}.txt"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "pip freeze > requirements.txt"),
        ({"Pipfile": "[packages]\n"}, "pipenv requirements > requirements.txt"),
        ({"pyproject.toml": "[dependency-groups]\nweb = ['django']\n"}, "set groups to those"),
        ({"poetry.lock": "", "pyproject.toml": "[tool.poetry]\n"}, "poetry export"),
    ],
)
def test_no_requirements_that_can_be_read(seen: Look, files: dict[str, str], said: str) -> None:
    assert said in seen({"requirements.txt": None, **files}).wrong


@pytest.mark.parametrize(
    ("groups", "chosen"),
    [
        ("main = ['django']\ndev = ['ruff']\n", ["main"]),
        ("dev = ['ruff']\ndefault = ['django']\n", ["default"]),
        ("base = ['django']\nprod = [{include-group = 'base'}]\ndev = []\n", ["prod"]),
        ("main = ['django']\nproduction = ['gunicorn']\n", ["main", "production"]),
    ],
)
def test_groups_without_a_project(seen: Look, groups: str, chosen: list[str]) -> None:
    files = {"requirements.txt": None, "pyproject.toml": f"[dependency-groups]\n{groups}"}
    its = seen(files)
    assert (its.names["requirements"], its.names["groups"]) == ("pyproject.toml", chosen)
    assert its.wrong == ""
    its.loads()


DRIVERS = """
[project]
name = "shop"
version = "1"
dependencies = ["django"{}]

[project.optional-dependencies]
everything = ["{}", "django-redis", "mysqlclient"]
pgsql = ["{}>=2.9"]
mysql = ["mysqlclient"]
"""
OF_POSTGRESQL = "DATABASES = {'default': {'ENGINE': 'django.db.backends.postgresql'}}\n"
BY_URL = "import environ\nDATABASES = {'default': environ.Env().db()}\n"


def with_drivers(driver: str, required: str = "") -> dict[str, str | None]:
    text = DRIVERS.format(required and f', "{required}"', driver, driver)
    return {"requirements.txt": None, "pyproject.toml": text}


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2", "psycopg2-binary", "psycopg[binary]"])
def test_the_extra_with_the_driver_of_the_database_is_taken(seen: Look, driver: str) -> None:
    its = seen(with_drivers(driver), settings=OF_POSTGRESQL)
    assert its.names["extras"] == ["pgsql"]
    assert f"pgsql has {driver.partition('[')[0]}, which the settings need" in its.text
    its.loads()


@pytest.mark.parametrize(
    ("required", "settings"),
    [
        ("psycopg2-binary", OF_POSTGRESQL),
        ("psycopg2-binary", BY_URL),
        ("", OF_POSTGRESQL.replace("postgresql", "sqlite3")),
    ],
)
def test_a_driver_that_is_there_or_not_needed_takes_no_extra(
    seen: Look, required: str, settings: str
) -> None:
    its = seen(with_drivers("psycopg", required), settings=settings)
    assert "extras" not in its.names
    assert "PostgreSQL needs" not in its.text


def test_the_extra_for_a_url_of_postgresqls_is_named_with_it(seen: Look) -> None:
    its = seen(with_drivers("psycopg2"), settings=BY_URL)
    assert "extras" not in its.names
    (word,) = its.found.words["env.DATABASE_URL"]
    assert word == (
        'PostgreSQL needs "pgsql" in extras, which has psycopg2, and "libpq-dev" in extra_packages'
    )
    assert f"    # {word}\n" in its.text
    its.loads()


def test_variables_that_requirements_ask_for_are_a_persons_to_give(seen: Look) -> None:
    text = "Django\n--extra-index-url https://${TOKEN}@pypi.example/\n"
    said = "requirements.txt:2 asks for ${TOKEN}; if that is meant, set env"
    (line,) = seen({"requirements.txt": text}).found.words["build_env"]
    assert line == f'{said}["TOKEN"], or build_env = ["TOKEN"]'


SETUP = """
import setuptools

NEEDS = ["django>=5.2", "psycopg2==2.9"]
setuptools.setup(name="shop", python_requires=">=3.13", install_requires={})
"""
CFG = """
[options]
python_requires = >=3.13
install_requires =
    django>=5.2
    psycopg2==2.9
"""


@pytest.mark.parametrize(
    ("files", "by"),
    [
        ({"setup.py": SETUP.format("NEEDS")}, "setup.py"),
        ({"setup.py": SETUP.format("['django>=5.2', 'psycopg2==2.9']")}, "setup.py"),
        ({"setup.cfg": CFG}, "setup.cfg"),
        ({"setup.cfg": CFG, "setup.py": "from setuptools import setup\nsetup()\n"}, "setup.py"),
        (
            {
                "setup.cfg": CFG,
                "setup.py": "from setuptools import setup\nsetup()\n",
                "pyproject.toml": "[build-system]\nrequires = ['setuptools']\n",
            },
            "setup.py",
        ),
    ],
)
def test_a_package_of_setuptools_is_installed_with_what_it_requires(
    seen: Look, files: dict[str, str], by: str
) -> None:
    its = seen({"requirements.txt": None, **files})
    assert its.names["files"] == {"server.txt": ".\n"}
    assert its.names["requirements"] == "server.txt"
    assert f"{by} lists them" in its.text
    assert its.names["extra_packages"] == ["libpq-dev"]
    assert its.names["python"] == "3.13"
    assert its.wrong == ""
    its.loads()


def test_a_package_above_src_is_installed_from_there(seen: Look) -> None:
    files = moved({**APP, "requirements.txt": ""}, "src") | {"src/requirements.txt": None}
    its = seen({**files, "setup.py": SETUP.format("['requests']")})
    assert its.names["files"] == {"server.txt": "..\ndjango\n"}
    its.loads()
    unknown = seen({**files, "setup.py": SETUP.format("read('a.txt')")})
    assert unknown.names["files"] == {"server.txt": "..\n"}
    assert seen({**files, "setup.cfg": "[flake8]\n"}).wrong.startswith("no requirements")
