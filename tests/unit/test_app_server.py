"""What every application server has to promise; another one is another parameter."""

import pytest

from stack.host.files import Site
from stack.project.app_server import STOP_MARGIN_SECONDS, AppServer
from stack.project.gunicorn import Gunicorn
from stack.project.target import Target
from stack.settings import load
from stack.settings.server import server_problems

SETTINGS = load({"source": ".", "workers": 5, "timeout_seconds": 90, "wsgi": "shop.wsgi"}, "web1")
SERVERS: dict[str, AppServer] = {"gunicorn": Gunicorn(SETTINGS)}

every_server = pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)


@every_server
def test_its_command_is_a_program_of_the_virtualenv(server: AppServer) -> None:
    assert "/" not in server.command("127.0.0.1:8000")[0]


@every_server
@pytest.mark.parametrize("bind", ["127.0.0.1:8000", "[::1]:8000", "unix:/run/shop.sock"])
def test_its_address_is_said_on_the_command_line(server: AppServer, bind: str) -> None:
    assert any(bind.removeprefix("unix:") in word for word in server.command(bind))


@every_server
def test_an_understudy_is_told_its_own_address_and_pid_file(server: AppServer) -> None:
    words = server.command("{bind}", "{pid_file}")
    assert {"{bind}", "{pid_file}"} <= set(words)


@every_server
def test_it_runs_what_the_settings_say(server: AppServer) -> None:
    words = " ".join(server.command("127.0.0.1:8000"))
    assert "shop.wsgi" in words
    assert "5" in words.split()


@every_server
def test_its_words_need_no_quotes_in_supervisors_file(server: AppServer) -> None:
    assert not set("%;#\"' \n") & set("".join(server.command("127.0.0.1:8000")))


@every_server
def test_supervisor_waits_longer_than_a_request_may_take(server: AppServer) -> None:
    program = Target(SETTINGS).files.program.content
    assert f"stopwaitsecs={server.drain_seconds + STOP_MARGIN_SECONDS}\n" in program
    assert f"stopsignal={server.stop_signal}\n" in program
    assert server.drain_seconds >= SETTINGS.timeout_seconds


@every_server
def test_its_log_lies_in_the_folder_of_the_logs(server: AppServer) -> None:
    assert server.log == server.log.rpartition("/")[2]


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
            {"asgi": "shop.asgi:app", "worker_class": "asgi", "bind": "10.0.0.5:80"},
            "-k asgi --graceful-timeout 5 --forwarded-allow-ips 10.0.0.5 shop.asgi:app",
        ),
        ({"bind": "10.0.0.5:80"}, "--forwarded-allow-ips 10.0.0.5 fooproject.wsgi"),
        ({"bind": "[2001:db8::5]:80"}, "--forwarded-allow-ips 2001:db8::5 fooproject.wsgi"),
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
            'asgi = "shop.asgi": is in place of wsgi, which is set too; expected one of them',
        ),
        (
            {"asgi": "shop.asgi", "worker_class": "gthread"},
            'worker_class = "gthread": runs no ASGI application, and asgi is set; leave it out',
        ),
        (
            {"worker_class": "asgi"},
            'worker_class = "asgi": expected the setting asgi, with the module to run',
        ),
        (
            {"asgi": "shop.asgi", "threads": 2},
            "threads = 2: only workers of the class gthread have any",
        ),
        (
            {"max_requests_jitter": 5},
            "max_requests_jitter = 5: means nothing without max_requests",
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
