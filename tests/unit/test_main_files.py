"""What goes with somebody else's main files is named, with where to move it."""

import pytest

from stack.project.rendering import render
from stack.state.main_files import (
    READ_BY_NGINX,
    READ_BY_SUPERVISOR,
    ended_in_nginx,
    ended_in_supervisor,
)

DEBIANS = """
user www-data;
include /etc/nginx/modules-enabled/*.conf;
events { worker_connections 768; }
http {
    include mime.types;
    log_format own "server { listen 81; }";
    include /etc/nginx/conf.d/*.conf;
    include sites-enabled/*.conf;
    HTTP
}
#mail { server { listen localhost:110; } }
MAIN
"""
SUPERVISORS = """
[unix_http_server]
file=/var/run/supervisor.sock   ; (the path to the socket file)
[supervisord]
logfile=/var/log/supervisor/supervisord.log
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[include]
files = /etc/supervisor/conf.d/*.conf
"""


def of_nginx(http: str = "", main: str = "") -> str:
    return ended_in_nginx(DEBIANS.replace("HTTP", http).replace("MAIN", main))


@pytest.mark.parametrize(
    ("http", "told"),
    [
        ("server { listen 8081; location / { return 200; } }", "the server block of *:8081."),
        (
            "server { server_name Shop.example _; } server { listen 81; }",
            "the server block of Shop.example *:80, the server block of *:81.",
        ),
        ("include /etc/nginx/vhosts.d/*.conf;", "include /etc/nginx/vhosts.d/*.conf."),
        ("include conf.d/*;", "include /etc/nginx/conf.d/*."),
        ("include sites-enabled/*/*;", "include /etc/nginx/sites-enabled/*/*."),
    ],
)
def test_what_http_serves_goes_to_conf_d(http: str, told: str) -> None:
    assert of_nginx(http).endswith(f"Move to /etc/nginx/conf.d/own.conf: {told}")


def test_what_is_beside_http_goes_to_where_debian_has_it() -> None:
    told = of_nginx(main="stream { server { listen 5000; } } include tcp.d/*.conf; mail { }")
    told = told.partition(" Move to /etc/nginx/modules-enabled/own.conf: ")[2]
    assert told == "the block stream, the block mail, include /etc/nginx/tcp.d/*.conf."


def test_debians_nginx_conf_and_ours_have_nothing_that_goes() -> None:
    assert of_nginx() == ""
    ours = render("etc/nginx/nginx.conf")
    assert ended_in_nginx(ours) == ""
    assert all(f"include {pattern};" in ours for pattern in READ_BY_NGINX)


@pytest.mark.parametrize("text", ["", "http {", "} server {", "http { server { listen"])
def test_a_file_that_is_cut_short_is_read_up_to_there(text: str) -> None:
    ended_in_nginx(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "[inet_http_server]\nport=127.0.0.1:9001\n[program:inline]\ncommand=cat\n",
            "Move to /etc/supervisor/conf.d/own.conf: [inet_http_server], [program:inline].",
        ),
        (
            "[group:g]\n[fcgi-program:f]\n[eventlistener:e]\n",
            "own.conf: [group:g], [fcgi-program:f], [eventlistener:e].",
        ),
    ],
)
def test_what_supervisor_runs_is_named(text: str, told: str) -> None:
    assert ended_in_supervisor(SUPERVISORS + text).endswith(told)


def test_files_that_supervisor_would_no_longer_read_are_named() -> None:
    text = f"{SUPERVISORS} /etc/supervisord.d/*.ini %(here)s/conf.d/a.conf conf.d/*.ini\n"
    told = "/etc/supervisord.d/*.ini /etc/supervisor/conf.d/*.ini"
    assert ended_in_supervisor(text).endswith(f"as NAME.conf: {told}.")


def test_debians_supervisord_conf_and_ours_have_nothing_that_goes() -> None:
    ours = render("etc/supervisor/supervisord.conf")
    assert [ended_in_supervisor(text) for text in (SUPERVISORS, ours, "no file", "")] == [""] * 4
    assert all(pattern in ours for pattern in READ_BY_SUPERVISOR)
