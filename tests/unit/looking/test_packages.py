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
