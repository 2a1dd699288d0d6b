"""Whatever is legal to set, what reads the files that it makes can read them."""

import json
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import jinja2
import pytest
from hypothesis import given, reject
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from stack.database import files as database_files
from stack.host.files import Declared, File
from stack.host.observation import Observation
from stack.project.interpreter import Interpreter
from stack.project.release import Release, release_of
from stack.project.rendering import TEMPLATES, render
from stack.project.target import Target
from stack.settings import Settings, SettingsError, load
from stack.state.placement import Placement, place
from tests.unit.test_article import read_nginx, read_supervisor

ROOT = Path(__file__).parents[2]


# Other work on this machine must not fail a test.
LONG = hypothesis(deadline=None, max_examples=50)
SHORT = hypothesis(deadline=None, max_examples=25)


def matching(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern, fullmatch=True)


HOST_NAME = matching(r"(\*\.|\.)?[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]{2,9}){1,3}|_")
PATH = matching(r"(/[A-Za-z0-9_@+][A-Za-z0-9_.@+-]{0,9}){1,4}")
ADDRESS = st.one_of(
    st.tuples(st.ip_addresses(v=4), st.integers(1, 65535)).map(lambda it: f"{it[0]}:{it[1]}"),
    st.tuples(st.ip_addresses(v=6), st.integers(1, 65535)).map(lambda it: f"[{it[0]}]:{it[1]}"),
    PATH.map(lambda path: f"unix:{path}"),
)
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
DATA = st.fixed_dictionaries(
    {"source": st.just(str(ROOT / "tests/project"))},
    optional={
        "project": matching(r"[a-z_][a-z0-9_-]{0,31}"),
        "wsgi": matching(r"[A-Za-z_]\w{0,9}(\.[A-Za-z_]\w{0,9})?(:app)?").filter(str.isascii),
        "program": matching(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}"),
        "server_name": st.lists(HOST_NAME, min_size=1, max_size=3),
        "workers": st.integers(1, 1000),
        "timeout_seconds": st.integers(1, 100_000),
        "bind": ADDRESS,
        "client_max_body_size": matching(r"[0-9]{1,13}[kKmMgG]?"),
        "health_path": matching(r"/[A-Za-z0-9._~!$&()*+,;=:@%/?-]{0,20}"),
        "user_group": matching(r"[a-z_][a-z0-9_-]{0,20}"),
        "env": st.dictionaries(matching(r"[A-Za-z_][A-Za-z0-9_]{0,9}"), TEXT, max_size=4),
    },
)


@st.composite
def legal(draw: st.DrawFn) -> Settings:
    """Settings that are taken."""
    try:
        return load(draw(DATA), "web1")
    except SettingsError:
        reject()


@pytest.fixture(autouse=True, scope="module")
def _quick_ids() -> Iterator[None]:
    """A digest of secrets takes long on purpose, and files have it as a part of a name alone."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("stack.project.release._digest_of_secrets", hash)
        yield


@cache
def sample() -> Release:
    return release_of(load({"source": str(ROOT / "tests/project")}, "web1"))


def placed(settings: Settings) -> Placement:
    release = Release(settings, sample().source, sample().requirements, Interpreter("python3"))
    return place(Target(settings, release=release), Observation(python="3.11"))


def contents(declared: Iterable[Declared]) -> dict[str, str]:
    """What files are to hold, by their paths."""
    return {file.path: file.content for file in declared if isinstance(file, File)}


def size(text: str) -> int:
    return int(text.rstrip("kmg")) << {"k": 10, "m": 20, "g": 30}.get(text[-1], 0)


@given(legal())
@LONG
def test_nginx_can_read_its_files(settings: Settings) -> None:
    its = Target(settings).files
    files = contents([*its.nginx, *its.site])
    read_nginx(files["/etc/nginx/nginx.conf"])
    site = read_nginx(files["/etc/nginx/sites-available/default"])
    assert site["server", "server_name"].split() == list(settings.server_name)
    assert site["server", "client_max_body_size"] == settings.client_max_body_size
    assert size(settings.client_max_body_size.lower()) < 2**63
    proxy = site["server", "location /", "proxy_pass"]
    assert proxy.removeprefix("http://").rstrip("/").removesuffix(":") == settings.bind
    timeout = site.get(("server", "location /", "proxy_read_timeout"))
    assert timeout == (None if settings.timeout_seconds <= 60 else f"{settings.timeout_seconds}s")


@given(legal())
@LONG
def test_supervisor_can_read_its_files(settings: Settings) -> None:
    its = Target(settings).files
    files = contents([*its.supervisor, its.program])
    read_supervisor(files["/etc/supervisor/supervisord.conf"])
    text = files[f"/etc/supervisor/conf.d/{settings.project}.conf"]
    # It would take the first for the start of an expansion, and the second for a comment.
    assert "%" not in text
    assert " ;" not in text
    section = f"[program:{settings.program}]"
    program = {key[-1]: value for key, value in read_supervisor(text).items() if key[0] == section}
    home = f"/home/{settings.project}"
    script, gunicorn, *words = shlex.split(program["command"])
    assert script == f"{home}/{settings.project}/with-env"
    assert gunicorn == f"{home}/.virtualenvs/{settings.project}/bin/gunicorn"
    numbers = ["-w", str(settings.workers), "-t", str(settings.timeout_seconds)]
    assert words[:6] == ["-b", settings.bind, *numbers]
    assert words[-1] == settings.wsgi
    assert int(program["stopwaitsecs"]) > settings.timeout_seconds
    assert program["user"] == settings.project


@given(legal())
@SHORT
def test_the_shell_can_read_its_files(settings: Settings) -> None:
    login = contents(Target(settings).files.all)[f"/etc/profile.d/{settings.project}.sh"]
    where = placed(settings)
    for text in (login, where.with_env, where.with_env_shown, where.manage):
        subprocess.run(["sh", "-n"], input=text.encode(), check=True)


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="this machine has no shellcheck")
def test_shellcheck_finds_nothing_in_what_a_shell_reads_of_a_host() -> None:
    source = str(ROOT / "tests/project")
    settings = load({"source": source, "tls": "acme", "env": {"KEY": "it's"}}, "web1")
    where, target = placed(settings), Target(settings)
    declared = contents([*target.files.all, *database_files.dumps(target)])
    programs = [text for text in declared.values() if text.startswith("#!/bin/sh\n")]
    login = declared["/etc/profile.d/fooproject.sh"]
    # root's: certbot's hook, and the programs that dump and restore a database.
    assert len(programs) == 3
    for text in (*programs, login, where.with_env, where.manage):
        # What is sourced is not on this machine.
        command = ["shellcheck", "--shell=sh", "--exclude=SC1091", "-"]
        done = subprocess.run(command, input=text, capture_output=True, text=True)
        assert done.stdout == ""


def test_who_is_not_the_user_is_told_how_root_becomes_him() -> None:
    where = placed(load({"source": str(ROOT / "tests/project"), "project": "shop"}, "web1"))
    for text in (where.manage, where.with_env):
        words = ["sh", "-c", text, "sh", "shell", "-c", "print('a')"]
        done = subprocess.run(words, capture_output=True, text=True)
        told = "This is for shop. As root, put before it: runuser -u shop --\n"
        assert (done.returncode, done.stdout, done.stderr) == (1, "", told)


@given(legal())
@SHORT
def test_a_command_gets_the_environment_to_the_byte(settings: Settings) -> None:
    where = placed(settings)
    # Without the question who is asking: that user is not on this machine.
    script = where.with_env.partition("\nfi\n")[2]
    done = subprocess.run(
        ["sh", "-c", script, "sh", "env", "-0"],
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    )
    got = dict(pair.split("=", 1) for pair in done.stdout.decode().split("\0") if pair)
    for name, value in settings.env.items():
        assert got[name] == value.get_secret_value()
    assert got["RELEASE_ID"] == where.release.id
    assert (got["HOME"], got["USER"]) == (f"/home/{settings.project}", settings.project)


@given(TEXT)
@SHORT
def test_what_is_shown_of_the_environment_has_no_value(text: str) -> None:
    shown = placed(load({"source": ".", "env": {"KEY": f"<{text}>"}}, "web1")).with_env_shown
    assert "export KEY=*MASKED*\n" in shown
    assert f"<{text}>" not in shown


@given(legal())
@SHORT
def test_what_the_switch_reads_is_json(settings: Settings) -> None:
    files = contents(Target(settings).files.all)
    values = json.loads(files[f"/usr/local/lib/{settings.project}/switch.json"])
    assert (values["user"], values["bind"]) == (settings.project, settings.bind)
    assert values["health_path"] == settings.health_path


def test_every_template_is_in_use_and_every_one_in_use_is_there() -> None:
    code = "".join(path.read_text() for path in (ROOT / "stack").rglob("*.py"))
    used = {name.partition("{")[0] for name in re.findall(r'render\(\s*f?"([^"]+/[^"]+)"', code)}
    there = {str(path.relative_to(TEMPLATES).with_suffix("")) for path in TEMPLATES.rglob("*.j2")}
    assert {name for name in there if not name.startswith(tuple(used))} == set()
    assert {name for name in used if not any(one.startswith(name) for one in there)} == set()


def test_a_template_that_lacks_a_value_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError, match="layout"):
        render("etc/profile.d/PROJECT.sh")
