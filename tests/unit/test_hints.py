"""A check that fails for want of what its host does not have names it, and where to write it."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from stack.shell.scripts import script

SHELL = Path(__file__).parents[2] / "stack" / "shell"
FUNCTIONS = script(
    str(SHELL / "x"),
    "last_lines.sh",
    "missing_variable.sh",
    "gone_module.sh",
)


def told(code: str, declared: str = "") -> str:
    """The last line that a person reads when a process of Python's has failed."""
    run = 'last_lines "$1" -I -c "$2" || { missing_variable "$3"; gone_module; }'
    done = subprocess.run(
        ["sh", "-euc", f"{FUNCTIONS}\n{run}", "sh", sys.executable, code, declared],
        capture_output=True,
        text=True,
    )
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    "code",
    [
        "import os; os.environ['API_KEY']",
        # As django-environ, python-decouple and environs say it.
        "class ImproperlyConfigured(Exception): pass\n"
        "raise ImproperlyConfigured('Set the API_KEY environment variable')",
        "class UndefinedValueError(Exception): pass\nraise UndefinedValueError("
        "'API_KEY not found. Declare it as envvar or define a default value.')",
        "raise ValueError('Environment variable \"API_KEY\" not set')",
        # One that was caught, and said again.
        "import os\ntry: os.environ['API_KEY']\nexcept KeyError: raise RuntimeError('no key')",
    ],
)
def test_a_variable_that_is_not_there_is_named(code: str) -> None:
    expected = "The project needs the environment variable API_KEY: declare it in env."
    assert told(code) == expected
    assert told(code, "DEBUG SECRET_KEY API_KEY_2") == expected


@pytest.mark.parametrize(
    ("code", "declared"),
    [
        ("import os; {}['API_KEY']", ""),
        ("import os; os.environ['API_KEY']", "DEBUG API_KEY"),
        ("raise ValueError('API_KEY is too short')", ""),
    ],
)
def test_what_is_no_such_thing_is_left_as_it_is(code: str, declared: str) -> None:
    assert "declare it" not in told(code, declared)


@pytest.mark.parametrize(
    ("module", "start"),
    [
        ("cgi", 'cgi was removed from Python in 3.13: set python = "3.11", which is brought, '),
        (
            "distutils.version",
            'distutils was removed from Python in 3.12: set python = "3.11", which is ',
        ),
        ("pkg_resources", "pkg_resources is a part of setuptools: add setuptools<81 to "),
        ("shop", "ModuleNotFoundError: "),
        ("cgi_of_shop", "ModuleNotFoundError: "),
    ],
)
def test_a_module_that_python_has_no_more_comes_with_the_python_that_has_it(
    module: str, start: str
) -> None:
    raised = f"raise ModuleNotFoundError(\"No module named '{module}'\")"
    assert told(raised).startswith(start)
    # As the manage.py of startproject hides it.
    hidden = f"try: {raised}\nexcept ImportError as e: raise ImportError('no Django') from e"
    assert told(hidden).startswith(start.replace("ModuleNotFoundError", "ImportError"))


LOGGING = """
import logging.config
logging.config.dictConfig({{
    "version": 1,
    "handlers": {{"file": {{"class": "logging.FileHandler", "filename": "{}/debug.log"}}}},
    "root": {{"handlers": ["file"]}},
}})
"""


@pytest.mark.parametrize(
    ("folder", "told_of"), [("src/logs/web", "logs/web"), ("elsewhere", ""), ("src/there", "")]
)
def test_a_folder_that_no_commit_has_is_named(folder: str, told_of: str, tmp_path: Path) -> None:
    (tmp_path / "src" / "there" / "debug.log").mkdir(parents=True)
    functions = script(str(SHELL / "x"), "last_lines.sh", "missing_folder.sh")
    run = 'last_lines "$1" -I -c "$2" || missing_folder "$3"'
    code = LOGGING.format(tmp_path / folder)
    done = subprocess.run(
        ["sh", "-euc", f"{functions}\n{run}", "sh", sys.executable, code, str(tmp_path)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    expected = f"The source has no folder {told_of}: to have it, and to keep what is written there"
    assert (expected in done.stderr) is bool(told_of)
    assert ("has no folder" in done.stderr) is bool(told_of)


@pytest.mark.parametrize(
    ("code", "start"),
    [
        ("import shoplib", "Neither the source nor the requirements have shoplib. If"),
        ("import shop.settings.server", "ModuleNotFoundError: "),
        ("import shop", "ModuleNotFoundError: "),
        (
            "raise RuntimeError('Error loading psycopg2 or psycopg module')",
            "PostgreSQL needs psycopg: add psycopg[binary] to the requirements",
        ),
    ],
)
def test_a_package_that_is_not_required_is_named(code: str, start: str, tmp_path: Path) -> None:
    assert of_release(tmp_path, "source", ["shop/__init__.py"], code).startswith(start)


def of_release(release: Path, src: str, files: list[str], code: str) -> str:
    """The last line about a release with these files in its source."""
    for path in (release / "source" / file for file in files):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (release / "src").symlink_to(src)
    functions = script(str(SHELL / "x"), "last_lines.sh", "missing_package.sh")
    run = 'last_lines "$1" -I -c "$2" || missing_package "$3"'
    done = subprocess.run(
        ["sh", "-euc", f"{functions}\n{run}", "sh", sys.executable, code, str(release)],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("src", "files", "at", "named"),
    [
        ("source/sandbox", ["src/shoplib/__init__.py"], "src/shoplib", "../src"),
        ("source", ["a b/shoplib.py", "x/y/shoplib.py"], "a b/shoplib.py", "a b"),
        ("source/web", ["shoplib/__init__.py"], "shoplib", ".."),
        # What is some package's own is none for Python, and these are no modules at all.
        ("source", ["web/__init__.py", "web/shoplib.py"], "", ""),
        ("source", ["web/templates/shoplib/a.html", "node_modules/shoplib.py"], "", ""),
    ],
)
def test_a_package_that_lies_where_python_does_not_look_is_named_with_its_place(
    src: str, files: list[str], at: str, named: str, tmp_path: Path
) -> None:
    (tmp_path / src).mkdir(parents=True)
    line = of_release(tmp_path, src, files, "import shoplib.views")
    if at:
        start = f"The source has shoplib at {at}, where Python does not look: "
        assert line == f'{start}have PYTHONPATH in env name "{named}".'
    else:
        assert line.startswith("Neither the source nor the requirements have shoplib. If")


@pytest.mark.parametrize(
    ("header", "package"),
    [
        ("libpq-fe.h", "libpq-dev"),
        ("mysql.h", "default-libmysqlclient-dev"),
        ("libxml/xmlversion.h", "libxml2-dev"),
        ("xmlsec/xmlsec.h", "libxmlsec1-dev"),
        ("jpeglib.h", "libjpeg-dev"),
        ("ffi.h", "libffi-dev"),
        ("openssl/opensslv.h", "libssl-dev"),
        ("lber.h", "libldap-dev"),
        ("curl/curl.h", "libcurl4-openssl-dev"),
        ("gdal.h", "libgdal-dev"),
        ("cairo.h", "libcairo2-dev"),
        ("sql.h", "unixodbc-dev"),
        ("shop.h", None),
    ],
)
def test_the_package_of_a_header_that_a_compiler_lacks_is_named(
    header: str, package: str | None
) -> None:
    line = f"      ./its/x.h:28:10: fatal error: {header}: No such file or directory"
    told = hint(f"running build_ext\n{line}\n  compilation terminated.")
    assert told == (f'set extra_packages = ["{package}"' if package else "")


def test_a_header_says_more_than_a_program_that_was_found() -> None:
    line = "x.c:1:10: fatal error: openssl/ssl.h: No such file or directory"
    assert hint(f"/usr/bin/pg_config --version\n{line}") == 'set extra_packages = ["libssl-dev"'


@pytest.mark.parametrize(
    ("words", "package"),
    [
        ("Error: pg_config executable not found.", "libpq-dev"),
        ("The headers or library files could not be found for jpeg,", "libjpeg-dev"),
        ("Could not run curl-config: [Errno 2]", "libcurl4-openssl-dev"),
        ("gdal_config_error: [Errno 2] No such file: 'gdal-config'", "libgdal-dev"),
        ('../meson.build:31:12: ERROR: Dependency "cairo" not found', "libcairo2-dev"),
        ("ERROR: Dependency lookup for cairo with method 'pkg-config' failed", "libcairo2-dev"),
        ("ERROR: No matching distribution found for shop", None),
    ],
)
def test_the_package_of_a_program_that_a_build_lacks_is_named(
    words: str, package: str | None
) -> None:
    assert hint(words) == (f'set extra_packages = ["{package}"' if package else "")


def hint(words: str) -> str:
    """The setting that is told, with the first package."""
    functions = script(str(SHELL / "x"), "last_lines.sh", "hint.sh")
    done = subprocess.run(
        ["sh", "-euc", f"{functions}\ntold=$1; hint", "sh", words], capture_output=True, text=True
    )
    assert done.returncode == 0
    return re.sub(r"^.*missing: ([^,\]]*).*\n$", r"\1", done.stderr)
