"""Debian packages that Python packages need on the server, to be built or to run."""

from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.version import InvalidVersion, Version

from stack.looking.finding.dependencies import Dependencies
from stack.looking.finding.found import Found
from stack.looking.reading.values import Names

NO_WHEEL = "has no wheel for"
"""One Python or the other, by its version."""
WHEELS = {
    "lxml": "3.9 4.5.2 3.10 4.6.3 3.11 4.9.1 3.12 4.9.3 3.13 5.3 3.14 6.0.1",
    "pillow": "3.9 8.0 3.10 8.3.2 3.11 9.2 3.12 10.0 3.13 10.4 3.14 11.3",
    "psycopg2-binary": "3.9 2.8.6 3.10 2.9.1 3.11 2.9.5 3.12 2.9.9 3.13 2.9.10 3.14 2.9.11",
}
"""By each Python, the first version with a wheel for it."""
NEWEST = "3.13"
"""Debian 13's Python, where none is brought."""
IMAGES = ("libjpeg-dev", "zlib1g-dev", "libfreetype-dev")


@dataclass(frozen=True)
class Need:
    """What a package of PyPI's needs; `why` in a few words."""

    packages: tuple[str, ...]
    why: str = "is built on the server"
    until: str = ""
    """The last version for which it is true is the one before this."""


# Names that all systems have: those of some libraries end otherwise on each.
NEEDS = {
    "cairocffi": Need(("libcairo2",), "loads the library"),
    "cairosvg": Need(("libcairo2",), "loads the library"),
    "gdal": Need(("libgdal-dev",)),
    "lxml": Need(("libxml2-dev", "libxslt1-dev"), NO_WHEEL),
    "mysqlclient": Need(("default-libmysqlclient-dev", "pkg-config")),
    "pdf2image": Need(("poppler-utils",), "runs its programs"),
    "pillow": Need(IMAGES, NO_WHEEL),
    "psycopg-c": Need(("libpq-dev",)),
    "psycopg2": Need(("libpq-dev",)),
    "psycopg2-binary": Need(("libpq-dev",), NO_WHEEL),
    "psycopg2cffi": Need(("libpq-dev",)),
    "pycairo": Need(("libcairo2-dev", "pkg-config")),
    "pycurl": Need(("libcurl4-openssl-dev", "libssl-dev"), until="7.45.3"),
    "pygobject": Need(("libgirepository1.0-dev", "libcairo2-dev", "pkg-config")),
    "pygraphviz": Need(("libgraphviz-dev", "pkg-config")),
    "pyodbc": Need(("unixodbc",), "loads the library"),
    "pysaml2": Need(("xmlsec1",), "runs the program"),
    "pytesseract": Need(("tesseract-ocr",), "runs the program"),
    "python-ldap": Need(("libldap-dev", "libsasl2-dev")),
    "python-magic": Need(("libmagic-dev",), "loads libmagic1"),
    "pyzbar": Need(("libzbar-dev",), "loads the library"),
    "wand": Need(("libmagickwand-dev",), "loads the library"),
    "weasyprint": Need(
        ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"), "loads the libraries"
    ),
    "xmlsec": Need(("libxml2-dev", "libxmlsec1-dev", "pkg-config")),
}
FROM_SOURCE = {
    "lxml": NEEDS["lxml"].packages,
    "pillow": IMAGES,
    "psycopg2-binary": ("libpq-dev",),
}
"""Of those that have wheels, when pip is told not to use them."""
GIS = "django.contrib.gis"


def find(dependencies: Dependencies, names: Names, found: Found) -> None:
    """Find the setting extra_packages."""
    brought = found.settings.get("python")
    whose = f"Python {brought}" if brought else "Debian 13's Python"
    for name, its in sorted(dependencies.its.items()):
        need = NEEDS.get(name)
        if need and need.why == NO_WHEEL:
            need = Need(need.packages, f"{NO_WHEEL} {whose}", _with_wheel(name, brought or NEWEST))
        if need and _is_before(its, need.until):
            _add(found, need.packages, f"{_called(its)} {need.why}")
        elif name in FROM_SOURCE and _is_built(dependencies, name):
            _add(found, FROM_SOURCE[name], f"{name} is built on the server, by --no-binary")
        elif name == "psycopg" and "c" in its.extras:
            _add(found, ("libpq-dev",), "psycopg[c] is built on the server")
        elif name == "psycopg" and not _has_binary(dependencies, its) and not _is_sqlite(names):
            _add(found, ("libpq5",), "psycopg without [binary] loads the library")
    if any("git+" in line for line in dependencies.urls):
        _add(found, ("git",), "pip fetches requirements by git")
    if _uses_gis(names):
        packages = ("binutils", "gdal-bin", "libproj-dev")
        _add(found, packages, "GeoDjango loads GDAL, GEOS and PROJ")
        if "spatialite" in str(names.content("DATABASES")):
            _add(found, ("libsqlite3-mod-spatialite",), "and SpatiaLite")


def _with_wheel(name: str, python: str) -> str:
    words = WHEELS[name].split()
    return dict(zip(words[::2], words[1::2], strict=True))[python]


def _add(found: Found, packages: tuple[str, ...], word: str) -> None:
    found.add("extra_packages", list(packages), word)


def _called(its: Requirement) -> str:
    return f"{its.name}{its.specifier if str(its.specifier).startswith('==') else ''}"


def _is_before(its: Requirement, version: str) -> bool:
    """Whether what is required can only be older."""
    if not version:
        return True
    pinned = [one.version for one in its.specifier if one.operator in ("==", "<", "<=", "~=")]
    try:
        return any(Version(one.removesuffix(".*")) < Version(version) for one in pinned[:1])
    except InvalidVersion:
        return False


def _is_built(dependencies: Dependencies, name: str) -> bool:
    options = [line for line in dependencies.options if line.startswith("--no-binary")]
    words = {word for line in options for word in line.replace("=", " ").replace(",", " ").split()}
    return bool(words & {name, ":all:"})


def _has_binary(dependencies: Dependencies, its: Requirement) -> bool:
    return "binary" in its.extras or bool({"psycopg-binary", "psycopg-c"} & {*dependencies.its})


def _is_sqlite(names: Names) -> bool:
    return "sqlite3" in str(names.content("DATABASES"))


def _uses_gis(names: Names) -> bool:
    in_apps = GIS in names.sequence("INSTALLED_APPS")
    return in_apps or f"{GIS}.db" in str(names.content("DATABASES"))
