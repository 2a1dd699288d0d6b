"""What is read from the files that list a project's dependencies."""

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stack.requirements import Requirements, RequirementsError, read
from stack.requirements.lines import logical_lines, name_in
from stack.source import cache
from stack.source.folder import Folder
from stack.source.uv import path_of_uv, reason

Reader = Callable[..., Requirements]


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Reads requirements from a project with such files."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def reads(
        files: dict[str, str], src: str = ".", name: str = "requirements.txt", **wanted: list[str]
    ) -> Requirements:
        for path, content in files.items():
            (tmp_path / "project" / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / "project" / path).write_text(content)
        return read(Folder(tmp_path / "project", "project"), src, name, **wanted)

    return reads


def refusal(reader: Reader, *arguments: object, **named: object) -> str:
    with pytest.raises(RequirementsError) as caught:
        reader(*arguments, **named)
    message = str(caught.value)
    assert "\n" not in message
    return message


# Where they are


def test_the_nearest_file_above_src_is_taken(reader: Reader) -> None:
    assert reader({"requirements.txt": "top"}, src="a/b").path == "requirements.txt"
    assert reader({"a/requirements.txt": "middle"}, src="a/b").text == "middle\ngunicorn\n"
    assert reader({"a/b/requirements.txt": "inner"}, src="a/b").text == "inner\ngunicorn\n"


def test_a_file_that_is_not_there_is_told(reader: Reader) -> None:
    message = refusal(reader, {"app/manage.py": ""}, src="app", name="deps/prod.txt")
    assert message == (
        "there is no deps/prod.txt in app or above it; "
        "make one by pip freeze > requirements.txt, and commit it or name it in files"
    )


# Requirements files


def test_only_what_matters_is_kept(reader: Reader) -> None:
    found = reader(
        {"requirements.txt": "# comment\n\nDjango>=5 # here\n  a==1 \\\n  --hash=sha256:0\n"}
    )
    assert found.text.splitlines()[:2] == ["Django>=5", "a==1 --hash=sha256:0"]


def test_comments_do_not_change_the_digest_and_requirements_do(reader: Reader) -> None:
    plain = reader({"requirements.txt": "a\nb\n"}).digest
    assert reader({"requirements.txt": "# x\r\na\r\n\r\nb # y"}).digest == plain
    assert reader({"requirements.txt": "a\nb<2\n"}).digest != plain


def test_a_fragment_of_a_url_is_no_comment() -> None:
    assert list(logical_lines("git+https://x/y#egg=z  # comment")) == ["git+https://x/y#egg=z"]


@given(st.lists(st.sampled_from(["a==1", "b", "# comment", "", "  ", "c # d"])))
def test_lines_are_settled_after_one_reading(lines: list[str]) -> None:
    once = list(logical_lines("\n".join(lines)))
    assert list(logical_lines("\n".join(once))) == once


def test_included_files_are_followed_from_where_they_are_named(reader: Reader) -> None:
    files = {
        "deps/prod.txt": "-r base.txt\n-c ../limits.txt\ngunicorn\n",
        "deps/base.txt": "--requirement=more/all.txt\nDjango\n",
        "deps/more/all.txt": "-r ../base.txt\n-rextra.txt\n",
        "deps/more/extra.txt": "a\n",
        "limits.txt": "a<2 # why\n",
    }
    found = reader(files, name="deps/prod.txt")
    assert set(found.files) == {*files} - {"deps/prod.txt"}
    assert found.files["limits.txt"] == b"a<2\n"
    for path in files:
        changed = reader({path: files[path] + "z\n"}, name="deps/prod.txt")
        assert changed.digest != found.digest, path
        assert reader({path: files[path]}, name="deps/prod.txt").digest == found.digest


@pytest.mark.parametrize(
    "line",
    [
        "-r nothing.txt",
        "-c ../outside.txt",
        "-r /etc/passwd",
        "--requirement https://example.com/r.txt",
    ],
)
def test_an_include_outside_the_source_is_refused(reader: Reader, line: str) -> None:
    message = refusal(reader, {"requirements.txt": f"a\n{line}\n"})
    assert message == f"requirements.txt: {line}: expected a file inside the source"


@pytest.mark.parametrize(
    "line", ["-e .", "-e ./pkg", "--editable git+https://x/y#egg=z", "-e.", "-egit+https://x/y"]
)
def test_an_editable_requirement_is_refused(reader: Reader, line: str) -> None:
    message = refusal(reader, {"base.txt": line, "requirements.txt": "-r base.txt"})
    assert message.startswith(f"base.txt: {line}: is editable")


HASHED = f"tiny==1 --hash=sha256:{'0' * 64}\n"
COMMIT = "git+https://x.example/y@" + "0" * 40


@pytest.mark.parametrize(
    "line",
    [
        *("./pkg", "pkg/ ; python_version > '3'", "./pkg[extra]", "pkg @ file:./pkg", "."),
        *(COMMIT, f"y @ {COMMIT}#subdirectory=z", f"y @ {COMMIT} ; python_version > '3'"),
    ],
)
def test_what_pip_takes_no_hash_for_stands_apart_from_what_has_one(
    reader: Reader, line: str
) -> None:
    text = f"--require-hashes\n--index-url https://x/simple\n-c c.txt\n{line}\n{HASHED}"
    files = {"requirements.txt": text, "pkg/pyproject.toml": "", "c.txt": ""}
    found = reader(files)
    assert line not in found.text.splitlines()
    assert HASHED in found.text
    # What it is built with is found where the rest is.
    assert found.unhashed == f"--index-url https://x/simple\n{line}\n"
    assert reader({"requirements.txt": HASHED}).digest != found.digest


@pytest.mark.parametrize(
    "line",
    [
        *("git+https://x/y@main", "a==1", "./a.whl --hash=sha256:00"),
        # It refuses these, as anything may be in them.
        *(f"./a{end}" for end in (".whl", ".WHL", ".zip", ".tar.gz", ".tgz", ".tar.xz", ".tar")),
        *("./a.whl[extra]", "./a.whl ; python_version > '3'", "./a.whl/", "x/../a.whl"),
        *("y @ file:///srv/wheels/y.whl", "file:./a.whl", "y @ file:./a.wh%6C"),
    ],
)
def test_what_pip_itself_decides_about_stays_beside_the_hashes(reader: Reader, line: str) -> None:
    ends = (".whl", ".WHL", ".zip", ".tar.gz", ".tgz", ".tar.xz", ".tar", ".wh%6C")
    files = {f"a{end}": "" for end in ends}
    found = reader({"requirements.txt": f"{HASHED}{line}\n", **files})
    assert line in found.text.splitlines()
    assert found.unhashed == ""


def test_without_hashes_nothing_stands_apart(reader: Reader) -> None:
    found = reader({"requirements.txt": "./pkg\ntiny\n", "pkg/pyproject.toml": ""})
    assert (found.text, found.unhashed) == ("./pkg\ntiny\ngunicorn\n", "")


def test_what_has_no_hash_in_an_included_file_is_refused(reader: Reader) -> None:
    files = {"requirements.txt": "-r base.txt", "base.txt": f"./pkg\n{HASHED}", "pkg/x": ""}
    assert refusal(reader, files) == (
        "base.txt: ./pkg: has no hash, and others have; expected it in requirements.txt"
    )


@pytest.mark.parametrize(
    ("include", "line"),
    [
        ("-c", f"y @ {COMMIT}"),
        ("-r", "./pkg ; sys_platform == 'win32'"),
        ("-r", f"y @ {COMMIT} ; os_name == 'nt'"),
    ],
)
def test_what_an_included_file_installs_on_no_host_needs_no_hash(
    reader: Reader, include: str, line: str
) -> None:
    files = {"requirements.txt": f"{include} more.txt\n{HASHED}", "more.txt": line, "pkg/x": ""}
    found = reader(files)
    assert found.files == {"more.txt": f"{line}\n".encode()}
    assert found.unhashed == ""


def test_a_marker_that_cannot_be_read_lets_nothing_in_without_a_hash(reader: Reader) -> None:
    files = {"requirements.txt": f"-r more.txt\n{HASHED}", "more.txt": "./pkg ; x", "pkg/x": ""}
    assert "./pkg ; x: has no hash" in refusal(reader, files)


@pytest.mark.parametrize("line", ["a b", "===", "a>=", "a; python_version"])
def test_what_is_no_requirement_is_refused(reader: Reader, line: str) -> None:
    message = refusal(reader, {"requirements.txt": line})
    assert message == f"requirements.txt: {line}: expected a requirement"


@pytest.mark.parametrize(
    "line",
    [
        "./pkg",
        "pkg/",
        "./pkg[extra]",
        "./pkg ; python_version > '3'",
        "pkg @ file:./pkg",
        "file:pkg",
        "--find-links ./pkg",
        "-f./pkg",
    ],
)
def test_of_a_path_that_is_installed_the_sources_version_counts(reader: Reader, line: str) -> None:
    files = {"requirements.txt": line, "pkg/pyproject.toml": "", "other": "1"}
    found = reader(files)
    assert reader({"other": "2"}).digest != found.digest


def test_a_path_that_is_not_in_the_source_is_refused(reader: Reader) -> None:
    message = refusal(reader, {"requirements.txt": "./pkg"})
    assert message == "requirements.txt: ./pkg: there is no such path in the source"


def test_a_path_begins_where_pip_is_started_whichever_file_it_is_in(reader: Reader) -> None:
    files = {
        "deps/prod.txt": "-r more/base.txt",
        "deps/more/base.txt": "./pkg\n-f ./wheels\n",
        "deps/pkg/pyproject.toml": "",
        "deps/more/wheels/x.whl": "",
    }
    assert reader(files, name="deps/prod.txt").from_source
    message = refusal(reader, {"deps/more/base.txt": "./wheels\n"}, name="deps/prod.txt")
    assert message == "deps/more/base.txt: ./wheels: there is no such path in the source"


def test_without_paths_the_rest_of_the_source_does_not_count(reader: Reader) -> None:
    first = reader({"requirements.txt": "a @ https://example.com/a.zip\n--find-links https://x/y"})
    assert reader({"other": "2"}).digest == first.digest


@pytest.mark.parametrize(
    ("line", "installs"),
    [
        ("gunicorn", True),
        ("Gunicorn[gevent]>=20,<24", True),
        ("gunicorn==23.0.0 --hash=sha256:00", True),
        ("gunicorn ; sys_platform == 'linux'", True),
        ("gunicorn; sys_platform != 'win32'", True),
        ("gunicorn; sys_platform == 'win32'", False),
        ("gunicorn @ https://example.com/gunicorn.zip", True),
        ("git+https://github.com/benoitc/gunicorn#egg=gunicorn", True),
        ("gunicorn-extras", False),
        ("django-gunicorn", False),
        ("a[gunicorn]", False),
        ("# gunicorn", False),
        ("-c gunicorn.txt", False),
        ("-r gunicorn.txt", True),
    ],
)
def test_gunicorn_is_recognised(reader: Reader, line: str, installs: bool) -> None:
    found = reader({"requirements.txt": line, "gunicorn.txt": "gunicorn<24"})
    assert (found.text.splitlines()[-1] == "gunicorn") is (not installs or line == "gunicorn")


def test_names_are_compared_as_pypi_does() -> None:
    assert name_in("Zope_Interface.X") == "zope-interface-x"


NOT_TEXT = {
    b"\xff": "is not UTF-8 text",
    b"\xff\xfea": "is not UTF-16 text",
    b"# coding: ascii\n\xe9": "is not ascii text",
    b"# coding: klingon\na": "says coding: klingon, which nobody knows",
}


@pytest.mark.parametrize("content", NOT_TEXT)
def test_a_file_that_is_not_text_is_told(reader: Reader, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project/requirements.txt").write_bytes(content)
    assert refusal(reader, {}) == f"requirements.txt: {NOT_TEXT[content]}"


@pytest.mark.parametrize(
    "begins", ["utf-16", "utf-8-sig", "utf-32", "# -*- coding: latin-1 -*-", "\n# coding=cp1252"]
)
def test_text_is_read_as_pip_does(reader: Reader, tmp_path: Path, begins: str) -> None:
    lines, encoding = "Django>=5\r\n# caf\xe9\r\n", begins
    if "#" in begins:
        lines, encoding = f"{begins}\r\n{lines}", "latin-1"
    project = tmp_path / "project"
    project.mkdir()
    for name, more in (("requirements.txt", "-c c.txt\r\n"), ("c.txt", "")):
        (project / name).write_bytes((lines + more).encode(encoding))
    found = reader({})
    assert found.text.splitlines() == ["Django>=5", "-c c.txt", "gunicorn"]
    assert found.files == {"c.txt": b"Django>=5\n"}


@pytest.mark.parametrize("name", ["pylock.toml", "setup.py"])
def test_other_tools_files_are_refused(reader: Reader, name: str) -> None:
    message = refusal(reader, {name: ""}, name=name)
    assert message == f"{name}: expected a requirements file, pyproject.toml or uv.lock"


@pytest.mark.parametrize(
    ("name", "command"),
    [("poetry.lock", "poetry export"), ("Pipfile", "pipenv"), ("Pipfile.lock", "pipenv")],
)
def test_a_lock_of_another_tool_comes_with_the_next_step(
    reader: Reader, name: str, command: str
) -> None:
    message = refusal(reader, {name: ""}, name=name)
    assert message.startswith(f"{name}: cannot be read here; run ")
    assert command in message


def test_of_a_missing_file_those_that_are_there_are_named(reader: Reader) -> None:
    files = {"app/pyproject.toml": "[project]\n", "requirements/base.txt": "", "poetry.lock": ""}
    message = refusal(reader, {"app/manage.py": "", **files}, src="app")
    assert message.endswith("one of what there is: pyproject.toml, requirements/base.txt")


@pytest.mark.parametrize(
    ("lock", "command"), [("poetry.lock", "poetry export"), ("Pipfile", "pipenv requirements")]
)
@pytest.mark.parametrize("pyproject", ["[tool.poetry]", "[tool.ruff]", "["])
def test_where_there_is_but_a_lock_of_another_tool_the_next_step_is_told_at_once(
    reader: Reader, lock: str, command: str, pyproject: str
) -> None:
    message = refusal(reader, {lock: "", "pyproject.toml": pyproject})
    assert message.startswith(f"there is no requirements.txt in . or above it, but {lock}: run ")
    assert command in message
    assert message.endswith("requirements.txt, and commit that or name it in files")


# pyproject.toml

PYPROJECT = """
[project]
name = "shop"
version = "1"
requires-python = ">=3.11"
dependencies = [{}]
"""


def test_the_dependencies_of_a_pyproject_are_taken(reader: Reader) -> None:
    text = PYPROJECT.format('"Django>=5", "gunicorn; sys_platform == \'linux\'"')
    found = reader({"pyproject.toml": text}, name="pyproject.toml")
    assert found.text == "Django>=5\ngunicorn; sys_platform == 'linux'\n"
    assert reader({"pyproject.toml": text + "[tool.x]\n"}, name="pyproject.toml") == found


def test_a_pyproject_without_dependencies_needs_nothing(reader: Reader) -> None:
    text = '[project]\nname = "shop"\n'
    assert reader({"pyproject.toml": text}, name="pyproject.toml").text == "gunicorn\n"


def test_groups_need_no_project(reader: Reader) -> None:
    files = {"pyproject.toml": "[dependency-groups]\nmain = ['django']\ndev = ['ruff']\n"}
    found = reader(files, name="pyproject.toml", groups=["main"])
    assert found.text == "django\ngunicorn\n"
    message = refusal(reader, files, name="pyproject.toml")
    assert message.endswith("set groups to those that a server needs, of main, dev")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[tool.x]", "has no [project] table; expected one with dependencies"),
        ("[tool.poetry]", "is Poetry's own; run poetry "),
        (
            '[project]\ndynamic = ["dependencies"]',
            "its dependencies are dynamic; expected [project].dependencies, or set requirements "
            "to the file that they come from",
        ),
        ("[project", "is not TOML: "),
        ('[project]\ndependencies = "a"', "[project].dependencies: expected a list of texts"),
        ('[project]\ndependencies = ["a b"]', "a b: expected a requirement"),
    ],
)
def test_a_pyproject_that_does_not_tell_is_refused(reader: Reader, text: str, reason: str) -> None:
    message = refusal(reader, {"pyproject.toml": text}, name="pyproject.toml")
    assert message.startswith(f"pyproject.toml: {reason}")


@pytest.mark.parametrize(
    "where",
    [
        '{path = "libs/common"}',
        '{git = "https://x.example/common"}',
        '{index = "own"}',
        "{workspace = true}",
        '[{index = "own", marker = "sys_platform == \'linux\'"}]',
    ],
)
def test_what_a_pyproject_has_from_elsewhere_is_not_asked_of_the_index(
    reader: Reader, where: str
) -> None:
    text = PYPROJECT.format('"tiny", "Our_Common>=1"')
    files = {"pyproject.toml": f"{text}[tool.uv.sources]\nour-common = {where}\n"}
    assert refusal(reader, files, name="pyproject.toml") == (
        "pyproject.toml: our-common: [tool.uv.sources] says where from, which pip does not read: "
        "it would ask the package index for that name; run uv lock, commit that, and set "
        'requirements = "uv.lock"'
    )


@pytest.mark.parametrize(
    "said",
    [
        '{path = "libs/common"}',
        '{git = "https://x.example/common"}',
        '{version = "^1", source = "own"}',
        '[{source = "own", markers = "x"}, {version = "1"}]',
    ],
)
def test_what_poetry_has_from_elsewhere_is_not_asked_of_the_index(
    reader: Reader, said: str
) -> None:
    text = PYPROJECT.format('"tiny", "common"')
    files = {"pyproject.toml": f"{text}[tool.poetry.dependencies]\ncommon = {said}\n"}
    message = refusal(reader, files, name="pyproject.toml")
    assert message.startswith("pyproject.toml: common: [tool.poetry.dependencies] says where from")
    assert "poetry export -o requirements.txt" in message


NO_HOSTS = "sys_platform == 'win32' and python_version > '3.1'"


@pytest.mark.parametrize(
    "table",
    [
        "[tool.poetry.dependencies]\ncommon = {version = '^5', source = 'PyPI'}",
        "[tool.poetry.dependencies]\ncommon = {version = '^5', source = 'pypi', extras = ['x']}",
        f'[tool.poetry.dependencies]\ncommon = {{path = "c", markers = "{NO_HOSTS}"}}',
        f'[tool.uv.sources]\ncommon = [{{index = "cpu", marker = "{NO_HOSTS}"}}]',
        '[tool.uv.sources]\ncommon = {path = "c", marker = "platform_system == \'Darwin\'"}',
    ],
)
def test_what_hosts_have_from_the_index_is_asked_of_it(reader: Reader, table: str) -> None:
    text = PYPROJECT.format('"common"')
    assert reader({"pyproject.toml": f"{text}{table}\n"}, name="pyproject.toml").text.startswith(
        "common\n"
    )


@pytest.mark.parametrize(
    "marker",
    [
        *("python_version < '3'", "platform_machine == 'riscv'", "'x' in platform_version"),
        *("sys_platform == 'linux' and python_version < '3'", "no marker"),
        "sys_platform == 'win32' or (python_version < '3' and os_name == 'posix')",
        "(" * 2000,
    ],
)
def test_what_some_hosts_have_from_elsewhere_is_not_asked_of_the_index(
    reader: Reader, marker: str
) -> None:
    source = f'[tool.uv.sources]\ncommon = [{{index = "own", marker = "{marker}"}}]\n'
    files = {"pyproject.toml": PYPROJECT.format('"common"') + source}
    assert "says where from" in refusal(reader, files, name="pyproject.toml")


def test_a_workspace_says_for_its_members_where_packages_come_from(reader: Reader) -> None:
    files = {
        "pyproject.toml": "[tool.uv.workspace]\nmembers = ['apps/*']\n"
        "[tool.uv.sources]\ncommon = {workspace = true}\n",
        "apps/web/pyproject.toml": PYPROJECT.format('"common"'),
        "more/web/pyproject.toml": PYPROJECT.format('"common"'),
    }
    message = refusal(reader, files, src="apps/web", name="pyproject.toml")
    assert message.startswith("apps/web/pyproject.toml: common: [tool.uv.sources]")
    assert reader({}, src="more/web", name="pyproject.toml").text == "common\ngunicorn\n"


def test_sources_of_what_is_not_installed_or_has_a_url_are_no_matter(reader: Reader) -> None:
    text = PYPROJECT.format('"tiny", "common @ https://x.example/common.zip"')
    more = "[tool.uv.sources]\ncommon = {path = 'c'}\nother = {path = 'o'}\n"
    poetry = "[tool.poetry.dependencies]\ntiny = {version = '1', extras = ['x']}\n"
    found = reader({"pyproject.toml": text + more + poetry}, name="pyproject.toml")
    assert found.text.startswith("tiny\n")


MORE = """
[project.optional-dependencies]
postgres = ["psycopg"]
Cache_Redis = ["redis; python_version < '3.20'", "shop[postgres]; sys_platform == 'linux'"]
all = ["shop[cache-redis,all]", "sentry-sdk"]
broken = ["shop[nothing]"]
wrong = ["a b"]

[dependency-groups]
server = ["uvloop", {include-group = "Base"}]
base = ["orjson"]
dev = ["pytest"]
round = [{include-group = "round"}]
broken = [{include-group = "nothing"}]
wrong = [1]
"""


def test_extras_and_groups_of_a_pyproject_are_added(reader: Reader) -> None:
    files = {"pyproject.toml": PYPROJECT.format('"Django", "gunicorn"') + MORE}

    def lines(**wanted: list[str]) -> list[str]:
        return reader(files, name="pyproject.toml", **wanted).text.splitlines()[2:]

    assert lines() == []
    assert lines(extras=["postgres"]) == ["psycopg"]
    assert lines(extras=["Postgres"], groups=["server"]) == ["psycopg", "uvloop", "orjson"]
    # One extra may stand for others of the project's own, under a condition.
    assert lines(extras=["cache.redis"]) == [
        "redis; python_version < '3.20'",
        'psycopg; sys_platform == "linux"',
    ]
    assert [line.split(";")[0] for line in lines(extras=["all"])] == [
        "redis",
        "psycopg",
        "sentry-sdk",
    ]


@pytest.mark.parametrize(
    ("wanted", "setting", "reason"),
    [
        (
            {"extras": ["pg"]},
            "extras",
            "has no extra pg; it has postgres, Cache_Redis, all, broken, wrong",
        ),
        (
            {"groups": ["prod"]},
            "groups",
            "has no group prod; it has server, base, dev, round, broken, wrong",
        ),
        (
            {"extras": ["broken"]},
            "requirements",
            "[project.optional-dependencies].nothing: is named there, and there is no such extra",
        ),
        ({"extras": ["wrong"]}, "requirements", "a b: expected a requirement"),
        *(
            ({"groups": [name]}, "requirements", f"[dependency-groups]: {why}")
            for name, why in {
                "round": "Cyclic dependency group include while resolving round",
                "broken": "Dependency group 'nothing' not found",
                "wrong": "Invalid dependency group item: 1",
            }.items()
        ),
    ],
)
def test_an_extra_or_group_that_cannot_be_had_is_told(
    reader: Reader, wanted: dict[str, list[str]], setting: str, reason: str
) -> None:
    files = {"pyproject.toml": PYPROJECT.format("") + MORE, "uv.lock": LOCK}
    names = ["pyproject.toml"] if setting == "requirements" else ["pyproject.toml", "uv.lock"]
    for name in names:
        with pytest.raises(RequirementsError) as caught:
            reader(files, name=name, **wanted)
        assert str(caught.value).startswith(f"pyproject.toml: {reason}")
        assert caught.value.setting == setting


def test_a_project_without_any_extras_or_groups_says_so(reader: Reader) -> None:
    files = {"pyproject.toml": PYPROJECT.format("")}
    message = refusal(reader, files, name="pyproject.toml", extras=["pg"])
    assert message == "pyproject.toml: has no extra pg; it has no extras"


def test_a_requirements_file_has_no_extras(reader: Reader) -> None:
    message = refusal(reader, {"requirements.txt": "a"}, groups=["prod"])
    assert message == (
        "requirements.txt: has no groups; expected a pyproject.toml or uv.lock as requirements"
    )


# uv.lock

HASHES = ("a" * 64, "b" * 64)
LOCK = f"""version = 1
requires-python = ">=3.11"

[[package]]
name = "tiny"
version = "1.0"
source = {{ registry = "https://packages.example/simple" }}
sdist = {{ url = "https://example.com/tiny-1.0.tar.gz", hash = "sha256:{HASHES[0]}", size = 1 }}
wheels = [
    {{ url = "https://example.com/tiny-1.0-py3-none-any.whl", hash = "sha256:{HASHES[1]}" }},
]

[[package]]
name = "shop"
version = "1"
source = {{ virtual = "." }}
dependencies = [
    {{ name = "tiny" }},
]

[package.metadata]
requires-dist = [{{ name = "tiny" }}]
"""
LOCKED = {"uv.lock": LOCK, "pyproject.toml": PYPROJECT.format('"tiny"')}


def test_a_uv_lock_is_exported_with_its_hashes(reader: Reader) -> None:
    found = reader(LOCKED, name="uv.lock")
    assert found.is_lock
    assert found.text == f"tiny==1.0 --hash=sha256:{HASHES[0]} --hash=sha256:{HASHES[1]}\n"
    added = found.added.splitlines()
    # Beside hashes pip takes nothing without one.
    assert [line.partition("==")[0] for line in added] == ["gunicorn", "packaging"]
    assert all(" --hash=sha256:" in line for line in added)


WORKSPACE = f"""version = 1
requires-python = ">=3.11"

[manifest]
members = ["common", "web", "worker"]

[[package]]
name = "common"
version = "1"
source = {{ editable = "libs/common" }}

[[package]]
name = "tiny"
version = "1.0"
source = {{ registry = "https://packages.example/simple" }}
sdist = {{ url = "https://example.com/tiny-1.0.tar.gz", hash = "sha256:{HASHES[0]}", size = 1 }}

[[package]]
name = "huge"
version = "1.0"
source = {{ registry = "https://packages.example/simple" }}
sdist = {{ url = "https://example.com/huge-1.0.tar.gz", hash = "sha256:{HASHES[0]}", size = 1 }}

[[package]]
name = "web"
version = "1"
source = {{ virtual = "apps/web" }}
dependencies = [{{ name = "common" }}, {{ name = "tiny" }}]

[package.dev-dependencies]
server = [{{ name = "huge" }}]

[package.metadata]
requires-dist = [{{ name = "common", editable = "libs/common" }}, {{ name = "tiny" }}]

[package.metadata.requires-dev]
server = [{{ name = "huge" }}]

[[package]]
name = "worker"
version = "1"
source = {{ virtual = "apps/worker" }}
dependencies = [{{ name = "huge" }}]

[package.metadata]
requires-dist = [{{ name = "huge" }}]
"""
WEB = """[project]
name = "web"
version = "1"
requires-python = ">=3.12"
dependencies = ["common", "tiny"]

[dependency-groups]
server = ["huge"]

[tool.uv.sources]
common = { workspace = true }
"""
MEMBERS = {
    "uv.lock": WORKSPACE,
    "pyproject.toml": '[tool.uv.workspace]\nmembers = ["apps/*", "libs/common"]\n',
    "apps/web/pyproject.toml": WEB,
    "apps/web/site/manage.py": "",
    "libs/common/pyproject.toml": '[project]\nname = "common"\nversion = "1"\n',
}


ROOTED = {
    **MEMBERS,
    "pyproject.toml": f"{PYPROJECT.format('')}{MEMBERS['pyproject.toml']}",
    "uv.lock": WORKSPACE.replace('["common",', '["common", "shop",')
    + '\n[[package]]\nname = "shop"\nversion = "1"\nsource = { virtual = "." }\n',
}
"""One whose root is a project too."""


@pytest.mark.parametrize("files", [MEMBERS, ROOTED])
@pytest.mark.parametrize("src", ["apps/web", "apps/web/site"])
def test_of_a_workspace_the_member_with_src_is_exported(
    reader: Reader, src: str, files: dict[str, str]
) -> None:
    found = reader(files, src=src, name="uv.lock")
    assert found.text == f"tiny==1.0 --hash=sha256:{HASHES[0]}\n"
    assert (found.unhashed, found.path) == ("./libs/common\n", "uv.lock")
    assert found.requires_python == ">=3.12"
    assert "huge" in reader({}, src=src, name="uv.lock", groups=["server"]).text
    message = refusal(reader, {}, src=src, name="uv.lock", groups=["none"])
    assert message == "apps/web/pyproject.toml: has no group none; it has server"


def test_a_change_in_a_folder_of_a_lock_is_another_virtualenv(reader: Reader) -> None:
    first = reader(MEMBERS, src="apps/web", name="uv.lock")
    assert first.from_source
    changed = reader({"libs/common/common.py": "X = 1\n"}, src="apps/web", name="uv.lock")
    assert (changed.unhashed, changed.text) == (first.unhashed, first.text)
    assert changed.digest != first.digest


def test_extras_and_groups_of_a_uv_lock_are_added_and_no_others(reader: Reader) -> None:
    names = ("pg", "server", "pytest", "always")
    packages = "".join(
        f'[[package]]\nname = "{name}"\nversion = "1"\n'
        'source = { registry = "https://packages.example/simple" }\n'
        f'sdist = {{ url = "https://example.com/{name}.tar.gz", hash = "sha256:{HASHES[0]}" }}\n'
        for name in names
    )
    shop = """
[package.optional-dependencies]
postgres = [{ name = "pg" }]

[package.dev-dependencies]
server = [{ name = "server" }]
dev = [{ name = "pytest" }]
always = [{ name = "always" }]
"""
    more = """
[project.optional-dependencies]
postgres = ["pg"]

[dependency-groups]
server = ["server"]
dev = ["pytest"]
always = ["always"]

[tool.uv]
default-groups = ["dev", "always"]
"""
    lock = LOCK.replace("\n[package.metadata]", f"{shop}\n[package.metadata]")
    files = {"uv.lock": f"{lock}\n{packages}", "pyproject.toml": LOCKED["pyproject.toml"] + more}

    def installs(**wanted: list[str]) -> set[str]:
        lines = reader(files, name="uv.lock", **wanted).text.splitlines()
        return {line.partition("==")[0] for line in lines} & {*names}

    # `uv sync` on a developer's machine installs the default groups as well.
    assert installs() == set()
    assert installs(extras=["postgres"], groups=["server"]) == {"pg", "server"}
    assert installs(groups=["dev"]) == {"pytest"}


def test_uwsgi_is_added_beside_hashes_with_that_of_its_source(reader: Reader) -> None:
    hashed = {"requirements.txt": f"click==8.1.8 --hash=sha256:{'0' * 64}\n"}
    line = reader(hashed, servers=["uwsgi"]).text.splitlines()[-1]
    assert re.fullmatch(r"uwsgi==2\.0\.[0-9]+ --hash=sha256:[0-9a-f]{64}", line)
    named = "uWSGI==2.0.28\n"
    assert reader({"requirements.txt": named}, servers=["uwsgi"]).text == named


def test_what_asgi_needs_is_added_beside_hashes_with_all_that_it_needs(reader: Reader) -> None:
    servers = ["gunicorn", "uvicorn-worker", "websockets"]
    hashed = {"requirements.txt": f"click==8.1.8 --hash=sha256:{'0' * 64}\n"}
    text = reader(hashed, servers=servers).text
    added = [name_in(line) for line in text.splitlines()]
    assert added == [
        *("click", "gunicorn", "packaging", "uvicorn-worker", "uvicorn", "h11", "websockets")
    ]
    assert all("--hash=sha256:" in line for line in text.splitlines())
    plain = reader({"requirements.txt": "uvicorn-worker==0.3.0\n"}, servers=servers).text
    assert plain == "uvicorn-worker==0.3.0\ngunicorn\nwebsockets\n"


def test_what_a_lock_has_already_is_not_added(reader: Reader) -> None:
    locked = "packaging==1 --hash=sha256:00\ngunicorn==2 --hash=sha256:00\n"
    assert reader({"requirements.txt": locked}).text == locked
    first = locked.splitlines()[0]
    added = reader({"requirements.txt": first}).text.removeprefix(f"{first}\n")
    assert added.startswith("gunicorn==")
    assert "packaging" not in added


def test_a_constraint_with_hashes_says_which_gunicorn_is_added(reader: Reader) -> None:
    pinned = "gunicorn==22.0.0 --hash=sha256:00"
    files = {"requirements.txt": "-c c.txt\ntiny==1 --hash=sha256:00\n", "c.txt": f"{pinned}\n"}
    added = reader(files).text.splitlines()[2:]
    assert added[0] == pinned
    assert added[1].startswith("packaging==")


def test_variables_that_pip_puts_in_are_known(reader: Reader) -> None:
    files = {
        "requirements.txt": "-r more.txt\n--index-url https://${TOKEN}@x.example/",
        "more.txt": "a @ https://x/${OTHER_1}${no}",
    }
    assert [*reader(files).variables] == ["OTHER_1", "TOKEN"]


def test_a_terminal_obeys_nothing_in_a_refusal(reader: Reader) -> None:
    files = {"requirements.txt": "-r \x1b]0;x\x07.txt\n"}
    message = "requirements.txt: -r ?]0;x?.txt: expected a file inside the source"
    assert refusal(reader, files) == message


def test_where_a_variable_is_asked_for_first_is_known(reader: Reader) -> None:
    files = {
        "deps/base.txt": "# ${NONE}\n\n-r more.txt\n--find-links \\\n  https://${A}/\n-f ${B}://\n",
        "deps/more.txt": "tiny\na @ https://x/${B}\n",
    }
    assert reader(files, name="deps/base.txt").variables == {
        "A": "deps/base.txt:4",
        "B": "deps/more.txt:2",
    }
    project = '[project]\nname = "shop"\ndependencies = ["tiny @ https://${A}/tiny.whl"]\n'
    named = reader({"pyproject.toml": project}, name="pyproject.toml").variables
    assert named == {"A": "pyproject.toml"}


def test_an_export_is_made_once(reader: Reader, tmp_path: Path) -> None:
    reader(LOCKED, name="uv.lock")
    (kept,) = (tmp_path / "cache/django-stack/uv-export").glob("*.txt")
    kept.write_text("kept==1\n")
    assert reader({}, name="uv.lock").text == "kept==1\n"
    assert "tiny==1.1" in reader({"uv.lock": LOCK.replace("1.0", "1.1")}, name="uv.lock").text


def test_nothing_above_a_lock_and_nothing_of_the_persons_decides(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = reader(LOCKED, name="uv.lock").text
    for shared in (tmp_path, tmp_path / "tmp"):
        shared.mkdir(exist_ok=True)
        (shared / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["*"]\n')
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setenv("UV_NO_DEV", "nonsense")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "another"))
    assert reader({}, name="uv.lock").text == honest


def test_a_cache_that_others_can_write_is_refused(reader: Reader, tmp_path: Path) -> None:
    reader(LOCKED, name="uv.lock")
    (tmp_path / "cache/django-stack/uv-export").chmod(0o777)
    assert "can be written by others" in refusal(reader, {}, name="uv.lock")


def test_no_workspace_above_the_cache_decides(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = reader(LOCKED, name="uv.lock").text
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["**"]\n')
    (shared / "uv.lock").write_text(LOCK.replace("1.0", "6.6"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(shared / "cache"))
    assert reader({}, name="uv.lock").text == honest


def test_an_account_whose_files_are_its_groups_too_has_a_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "not/there"))
    before = os.umask(0o002)
    try:
        made = cache.folder("git")
    finally:
        os.umask(before)
    assert [oct(one.stat().st_mode & 0o777) for one in (made, made.parent)] == ["0o700"] * 2


def test_a_password_in_a_line_is_not_told(reader: Reader) -> None:
    message = refusal(reader, {"requirements.txt": "-e git+https://me:s3cret@x.example/y.git"})
    assert "x.example/y.git" in message
    assert "s3cret" not in message


def test_a_lock_alone_is_refused(reader: Reader) -> None:
    message = refusal(reader, {"uv.lock": LOCK}, name="uv.lock")
    assert message == "uv.lock: has no pyproject.toml beside it"


def test_a_lock_that_uv_cannot_read_is_told(reader: Reader) -> None:
    message = refusal(reader, {**LOCKED, "uv.lock": "version = "}, name="uv.lock")
    assert message.startswith("uv.lock: uv export: Failed to parse `uv.lock`: TOML parse error at ")
    assert "version =" not in message
    assert " |" not in message


def test_a_lock_of_another_name_is_told_with_what_it_lacks(reader: Reader) -> None:
    other = LOCKED["pyproject.toml"].replace('name = "shop"', 'name = "my-shop"')
    message = refusal(reader, {**LOCKED, "pyproject.toml": other}, name="uv.lock")
    assert "Missing workspace member `my-shop`" in message
    assert message.endswith(". To update the lockfile, run `uv lock`")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("warning: old\nerror: it is not there\n", "it is not there"),
        ("error: A\n  Caused by: B\n  Caused by: C\n  Caused by: D\n\nhint: E.\n", "A: B: D. E"),
        ("  x No solution found\n  nothing fits\n", "nothing fits"),
        ("", "failed"),
    ],
)
def test_what_uv_says_is_told_on_one_line(said: str, told: str) -> None:
    assert reason(subprocess.CompletedProcess([], 2, "", said)) == told


def test_a_cache_that_cannot_be_written_is_told(
    reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    message = refusal(reader, LOCKED, name="uv.lock")
    assert message.startswith(f"uv.lock: the export cannot be kept in {tmp_path}/file")


def test_uv_is_the_one_that_came_with_the_project() -> None:
    version = subprocess.run([path_of_uv(), "--version"], check=True, capture_output=True).stdout
    assert version.startswith(b"uv ")
    assert os.path.isabs(path_of_uv())


# Nobody's own


DEEP = "[" * 3000 + "]" * 3000
NESTED = f'[project]\ndependencies = ["django"]\n[tool.x]\ny = {DEEP}\n'
MARKED = "django; " + "(" * 3000 + "python_version > '3'" + ")" * 3000
"""What Python gives up on, in all that reads it."""
CHAINED = 'name = "x"\n[project.optional-dependencies]\n' + "".join(
    f'e{number} = ["x[e{number + 1}]"]\n' for number in range(1000)
)


@pytest.mark.parametrize(
    ("files", "wanted", "told"),
    [
        ({"pyproject.toml": NESTED}, {}, "is not TOML: its values are nested too deeply"),
        ({"pyproject.toml": NESTED, "uv.lock": ""}, {}, "nested too deeply"),
        ({"pyproject.toml": NESTED}, {"name": "none.txt"}, "there is no none.txt in ."),
        ({"requirements.txt": MARKED}, {}, "expected a requirement"),
        (
            {"pyproject.toml": f'[project]\nname="x"\noptional-dependencies={{a=["{MARKED}"]}}\n'},
            {"extras": ["a"]},
            "expected a requirement",
        ),
        (
            {f"{n}.txt": f"-r {n + 1}.txt" for n in range(1000)} | {"1000.txt": "django"},
            {"name": "0.txt"},
            "51.txt: expected 50 in one another at most",
        ),
        (
            {"pyproject.toml": f"[project]\n{CHAINED}"},
            {"extras": ["e0"]},
            "e50: expected 50 in one another at most",
        ),
    ],
)
def test_what_is_nested_too_deeply_is_told_in_a_line(
    reader: Reader, files: dict[str, str], wanted: dict[str, list[str]], told: str
) -> None:
    message = refusal(reader, files, **{"name": list(files)[-1]} | wanted)
    assert told in message
    assert len(message) < 500
