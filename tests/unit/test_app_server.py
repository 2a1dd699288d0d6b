"""What every application server has to promise; another one is another parameter."""

import pytest

from stack.project.app_server import STOP_MARGIN_SECONDS, AppServer
from stack.project.gunicorn import Gunicorn
from stack.project.target import Target
from stack.settings import load

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
