"""Debian's packages."""

import pytest

from tests.unit.looking.shop import Look


@pytest.mark.parametrize(
    ("line", "packages"),
    [
        ("psycopg2==2.9.10", ["libpq-dev"]),
        ("psycopg2-binary==2.9.10", None),
        ("psycopg[c]>=3.2", ["libpq-dev"]),
        ("psycopg[binary]>=3.2", None),
        ("psycopg>=3.2", ["libpq5"]),
        ("mysqlclient", ["default-libmysqlclient-dev", "pkg-config"]),
        ("python-ldap", ["libldap-dev", "libsasl2-dev"]),
        ("lxml==5.2.2", ["libxml2-dev", "libxslt1-dev"]),
        ("lxml>=5", None),
        ("pillow==9.5.0", ["libjpeg-dev", "zlib1g-dev", "libfreetype-dev"]),
        ("--no-binary pillow\npillow", ["libjpeg-dev", "zlib1g-dev", "libfreetype-dev"]),
        ("python-magic", ["libmagic-dev"]),
        ("x @ git+https://example.com/x.git", ["git"]),
        ("psycopg2; sys_platform == 'win32'", None),
    ],
)
def test_debian_packages(seen: Look, line: str, packages: list[str] | None) -> None:
    its = seen({"requirements.txt": f"django\n{line}\n"})
    assert its.wrong == ""
    assert its.names.get("extra_packages") == packages
    its.loads()


def test_geodjango(seen: Look) -> None:
    its = seen({}, settings="INSTALLED_APPS += ['django.contrib.gis']\n")
    assert "gdal-bin" in its.plain["extra_packages"]


@pytest.mark.parametrize(
    ("django", "lines", "packages"),
    [
        # Whose own choice is Python 3.10.
        ("django==4.0.1", "pillow==10.3.0\nlxml==4.9.2\n", None),
        ("django==4.0.1", "psycopg2-binary==2.8.3\n", ["libpq-dev"]),
        ("django==5.2.1", "psycopg2-binary==2.9.9\n", ["libpq-dev"]),
        ("django==5.2.1", "psycopg2-binary==2.9.10\n", None),
    ],
)
def test_a_wheel_is_one_for_the_python_that_is_printed(
    seen: Look, django: str, lines: str, packages: list[str] | None
) -> None:
    its = seen({"requirements.txt": f"{django}\n{lines}"})
    assert its.names.get("extra_packages") == packages
    python = its.names.get("python")
    assert (f"has no wheel for Python {python}" in its.text) == bool(python and packages)
