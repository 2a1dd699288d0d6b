"""What every application server has to promise; another one is another parameter."""

import re
import shlex

import pytest

from stack.onhost.switch.host import NAMES
from stack.onhost.switch.visitors import STOP_MARGIN_SECONDS
from stack.project.app_server import SERVERS as ALL
from stack.project.app_server import AppServer
from stack.project.gunicorn import Gunicorn
from stack.project.site import Site
from stack.project.target import Target
from stack.project.uwsgi import Uwsgi
from stack.settings import load
from stack.settings.server import server_problems
from stack.settings.uwsgi import MAY_BE_SET

SETTINGS = load({"source": ".", "workers": 5, "timeout_seconds": 90, "wsgi": "shop.wsgi"}, "web1")
SERVERS: dict[str, AppServer] = {name: server(SETTINGS) for name, server in ALL.items()}

every_server = pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)


def test_a_program_beside_the_site_has_another_name() -> None:
    settings = load({"source": ".", "programs": {"django": "sleep 9"}}, "web1")
    text = 'programs["django"]: is the site\'s own program; expected another name'
    assert [problem.text for problem in server_problems({"web1": settings})] == [text]


@every_server
def test_its_command_is_a_program_of_the_virtualenv(server: AppServer) -> None:
    assert "/" not in server.command("127.0.0.1:8000")[0]


@every_server
@pytest.mark.parametrize("bind", ["127.0.0.1:8000", "[::1]:8000", "unix:/run/shop.sock"])
def test_its_address_is_said_on_the_command_line(server: AppServer, bind: str) -> None:
    assert any(bind.removeprefix("unix:") in word for word in server.command(bind))


@every_server
def test_an_understudy_is_told_its_own_address(server: AppServer) -> None:
    words = server.command("{bind}", "{pid_file}")
    assert {"{bind}", "{socket}"} & set(words)
    # The host puts in whole words.
    assert not any("{" in word for word in set(words) - {"{bind}", "{socket}", "{pid_file}"})


def test_an_understudy_of_gunicorns_writes_no_other_pid_file() -> None:
    assert "{pid_file}" in SERVERS["gunicorn"].command("{bind}", "{pid_file}")


@every_server
def test_systemd_leaves_its_words_as_they_are(server: AppServer) -> None:
    # A word of a unit's command that begins with it is taken for a variable, and is gone.
    assert not any(word.startswith("$") for word in server.command("127.0.0.1:8000"))


@every_server
def test_the_host_knows_its_name(server: AppServer) -> None:
    assert NAMES[server.command("127.0.0.1:8000")[0]] == server.name


@every_server
def test_it_runs_what_the_settings_say(server: AppServer) -> None:
    words = " ".join(server.command("127.0.0.1:8000"))
    assert "shop.wsgi" in words
    assert "5" in words.split()


@pytest.mark.parametrize("name", ALL)
def test_supervisor_reads_its_words_as_they_are(name: str) -> None:
    settings = load({"source": ".", "server": name}, "web1")
    [line] = re.findall("(?m)^command=(.*)$", Target(settings).files.program.content)
    _, program, *rest = shlex.split(line)
    words = ALL[name](settings).command(settings.bind)
    assert [program.rpartition("/")[2], *rest] == words
    assert not set("%;#'\n") & set(line)


@pytest.mark.parametrize("name", ALL)
def test_supervisor_waits_longer_than_a_request_may_take(name: str) -> None:
    server = SERVERS[name]
    settings = SETTINGS.model_copy(update={"server": name})
    program = Target(settings).files.program.content
    assert f"stopwaitsecs={server.drain_seconds + STOP_MARGIN_SECONDS}\n" in program
    assert f"stopsignal={server.stop_signal}\n" in program
    assert server.drain_seconds >= SETTINGS.timeout_seconds


@every_server
def test_its_log_lies_in_the_folder_of_the_logs(server: AppServer) -> None:
    assert server.log == server.log.rpartition("/")[2]


def of_uwsgi(**data: object) -> str:
    """What uWSGI is told after what it always is."""
    settings = load({"source": ".", "server": "uwsgi", **data}, "web1")
    return " ".join(Uwsgi(settings).command(settings.bind)).partition("-file-wrapper ")[2]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "--module fooproject.wsgi"),
        ({"wsgi": "shop.wsgi:app"}, "--module shop.wsgi:app"),
        ({"threads": 4}, "--threads 4 --module fooproject.wsgi"),
        (
            {"max_requests": 1000, "max_requests_jitter": 50},
            "--max-requests 1000 --max-requests-delta 25 --module fooproject.wsgi",
        ),
        (
            {"max_requests": 1000, "max_requests_jitter": 1, "workers": 9},
            "--max-requests 1000 --max-requests-delta 1 --module fooproject.wsgi",
        ),
        (
            {"max_requests": 1000, "max_requests_jitter": 50, "workers": 1},
            "--max-requests 1000 --module fooproject.wsgi",
        ),
    ],
)
def test_uwsgi_is_told_what_differs(data: dict[str, object], told: str) -> None:
    assert of_uwsgi(**data) == told


def test_uwsgi_is_told_the_whole_of_the_settings() -> None:
    assert " ".join(SERVERS["uwsgi"].command("unix:/run/shop.sock")) == (
        "uwsgi --http-socket /run/shop.sock --chmod-socket=666 --vacuum --listen 1024 "
        "--buffer-size 65535 --post-buffering 65536 --master --processes 5 --no-orphans "
        "--socket-timeout 90 --harakiri 90 "
        "--hook-master-start unix_signal:15 grace_them_all --exit-on-reload "
        "--worker-reload-mercy 90 --disable-logging --virtualenv=$(VIRTUAL_ENV) "
        "--py-sys-executable=$(VIRTUAL_ENV)/bin/python --need-app --lazy-apps "
        "--single-interpreter --enable-threads --wsgi-disable-file-wrapper --module shop.wsgi"
    )


def test_with_threads_uwsgi_ends_no_process_for_one_request() -> None:
    threads = load({"source": ".", "server": "uwsgi", "threads": 4}, "web1")
    command = Uwsgi(threads).command("unix:/run/shop.sock")
    assert "--threads" in command
    assert "--harakiri" not in command


def words(**data: object) -> list[str]:
    """What Gunicorn is told besides what it always is."""
    settings = load({"source": ".", **data}, "web1")
    return Gunicorn(settings).command(settings.bind)[7:]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({}, "fooproject.wsgi"),
        ({"threads": 4}, "--threads 4 fooproject.wsgi"),
        ({"worker_class": "gevent"}, "-k gevent fooproject.wsgi"),
        (
            {"max_requests": 1000, "max_requests_jitter": 50},
            "--max-requests 1000 --max-requests-jitter 50 fooproject.wsgi",
        ),
        (
            {"asgi": "shop.asgi"},
            "-k uvicorn_worker.UvicornWorker --graceful-timeout 5 --forwarded-allow-ips * "
            "shop.asgi",
        ),
        (
            {"asgi": "shop.asgi:app", "worker_class": "asgi", "bind": "10.0.0.5:8000"},
            "-k asgi --graceful-timeout 5 --forwarded-allow-ips 10.0.0.5 shop.asgi:app",
        ),
        ({"bind": "10.0.0.5:8000"}, "--forwarded-allow-ips 10.0.0.5 fooproject.wsgi"),
        ({"bind": "[2001:db8::5]:8000"}, "--forwarded-allow-ips 2001:db8::5 fooproject.wsgi"),
        ({"bind": "0.0.0.0:8000"}, "fooproject.wsgi"),
        ({"bind": "[::1]:8000"}, "fooproject.wsgi"),
        ({"bind": "unix:/run/shop.sock"}, "fooproject.wsgi"),
    ],
)
def test_gunicorn_is_told_what_differs_from_its_defaults(
    data: dict[str, object], told: str
) -> None:
    assert " ".join(words(**data)) == told


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (
            {"asgi": "shop.asgi", "wsgi": "shop.wsgi"},
            'asgi = "shop.asgi": asgi and wsgi are both set; set only one',
        ),
        (
            {"asgi": "shop.asgi", "worker_class": "gthread"},
            'worker_class = "gthread": cannot run an ASGI application, but asgi is set; '
            "leave it out",
        ),
        (
            {"worker_class": "asgi"},
            'worker_class = "asgi": expected the setting asgi, with the module to run',
        ),
        (
            {"asgi": "shop.asgi", "threads": 2},
            "threads = 2: only workers of the class gthread have threads",
        ),
        (
            {"server": "uwsgi", "asgi": "shop.asgi", "worker_class": "gthread"},
            'server = "uwsgi": runs WSGI applications in its own way, but asgi = "shop.asgi" and '
            'worker_class = "gthread" is set; set server = "gunicorn", or leave it out',
        ),
        *(
            (
                {"server": "uwsgi", "env": {name: "0.0.0.0:80", "UWSGI_RELOAD_ON_RSS": 500}},
                f'env["{name}"]: is an option of uWSGI that the deployment sets; expected '
                f"another name, or one of {', '.join(MAY_BE_SET)}",
            )
            for name in ("UWSGI_HTTP", "UWSGI_INI", "UWSGI_http_socket", "UWSGI_DAEMONIZE")
        ),
    ],
)
def test_what_contradicts_itself_is_refused(data: dict[str, object], line: str) -> None:
    settings = load({"source": ".", **data}, "web1")
    assert [problem.text for problem in server_problems({"web1": settings})] == [line]


def test_websockets_reach_an_asgi_application_and_no_other() -> None:
    lines = (
        "map $http_upgrade $fooproject_connection {",
        "proxy_set_header Upgrade $http_upgrade;",
        "proxy_set_header Connection $fooproject_connection;",
    )
    for data, there in (({"asgi": "shop.asgi"}, True), ({}, False)):
        target = Target(load({"source": ".", **data}, "web1"))
        [site] = [one for one in target.files.site if isinstance(one, Site)]
        assert [line in site.content for line in lines] == [there] * 3


def test_a_variable_of_uwsgis_means_nothing_to_gunicorn() -> None:
    settings = load({"source": ".", "env": {"UWSGI_HTTP": "0.0.0.0:80"}}, "web1")
    assert list(server_problems({"web1": settings})) == []
