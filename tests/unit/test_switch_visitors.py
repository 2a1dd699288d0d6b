"""Where the switch has Nginx send visitors: what is in its files, whatever Nginx says to them."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stack.onhost.switch import locks, visitors
from stack.onhost.switch.system import SwitchError

SITE = """server {{
    location /static {{ alias /srv/static; }}
    location / {{ proxy_pass {}; }}
}}
"""
APP = "http://127.0.0.1:8000"
UNDERSTUDY = "unix:/run/shop-understudy/1.sock"
POOL = "http://shop-understudy"
UPSTREAM = f"""upstream shop-understudy {{
    server {UNDERSTUDY} max_fails=0;
    server 127.0.0.1:8000 backup max_fails=0;
}}
"""


class Nginx:
    """An Nginx that is none: it has workers, and new ones with each reload."""

    def __init__(self) -> None:
        self.workers = {1, 2}
        self.slow: set[int] = set()
        self.runs = True
        self.refuses = ""
        self.waited: list[float] = []

    def run(self, *command: str) -> str:
        return "7"

    def is_active(self, unit: str) -> bool:
        return self.runs

    def must(self, *command: str) -> str:
        if self.refuses:
            raise SwitchError(self.refuses)
        return ""

    def reload(self, function: str, verdict: str) -> None:
        self.workers = {max(self.workers) + 1} | self.slow

    def wait(self, is_so: Callable[[], object], seconds: float) -> bool:
        self.waited.append(seconds)
        return bool(is_so())


@pytest.fixture
def nginx(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Nginx:
    its = Nginx()
    monkeypatch.setattr(locks, "LOCKS", tmp_path / "locks")
    monkeypatch.setattr(visitors, "_workers", lambda main: its.workers)
    for name in ("run", "is_active", "must", "wait"):
        monkeypatch.setattr(visitors, name, getattr(its, name))
    monkeypatch.setattr(visitors, "call", its.reload)
    return its


@pytest.fixture
def host(tmp_path: Path) -> Any:
    site = tmp_path / "site"
    site.write_text(SITE.format(APP))
    return SimpleNamespace(
        user="shop",
        bind="127.0.0.1:8000",
        site_file=site,
        upstream_file=tmp_path / "upstream",
        program_file=tmp_path / "program",
        timeout=30,
        holds_connections=False,
    )


def test_visitors_are_there_while_nginx_runs_and_the_site_sends_them(
    host: Any, nginx: Nginx
) -> None:
    assert visitors.has_visitors(host)
    nginx.runs = False
    assert not visitors.has_visitors(host)
    nginx.runs = True
    host.site_file.write_text("server { return 503; }")
    assert not visitors.has_visitors(host)
    host.site_file.unlink()
    assert not visitors.has_visitors(host)


@pytest.mark.parametrize(
    ("written", "bind"),
    [
        (APP, "127.0.0.1:8000"),
        ("http://127.0.0.1:9000/", "127.0.0.1:9000"),
        ("http://[::1]:9000", "[::1]:9000"),
        ("http://unix:/run/shop.sock", "unix:/run/shop.sock"),
        ("http://unix:/run/shop.sock:/", "unix:/run/shop.sock"),
        (POOL, "127.0.0.1:8000"),
        ("http://shop", "127.0.0.1:8000"),
        ("http://app_server/", "127.0.0.1:8000"),
    ],
)
def test_the_address_is_that_of_the_sites_file(
    host: Any, nginx: Nginx, written: str, bind: str
) -> None:
    host.site_file.write_text(SITE.format(written))
    assert visitors.bind_now(host) == bind
    assert visitors.with_understudy(host) is (written == POOL)
    assert visitors.are_not_at(host, bind) is (written == POOL)
    assert visitors.are_not_at(host, "127.0.0.1:1")


def test_the_understudy_gets_them_and_the_app_server_stands_by(host: Any, nginx: Nginx) -> None:
    assert visitors.send_to_understudy(host, UNDERSTUDY) == set()
    assert host.site_file.read_text() == SITE.format(POOL)
    assert host.upstream_file.read_text() == UPSTREAM
    assert visitors.with_understudy(host)


def test_one_that_moves_stands_by_at_both_addresses(host: Any, nginx: Nginx) -> None:
    host.bind = "127.0.0.1:9000"
    visitors.send_to_understudy(host, UNDERSTUDY)
    told = [line.split()[1:3] for line in host.upstream_file.read_text().splitlines()[1:-1]]
    assert told == [
        [UNDERSTUDY, "max_fails=0;"],
        ["127.0.0.1:8000", "backup"],
        ["127.0.0.1:9000", "backup"],
    ]


def test_back_at_the_app_server_nothing_of_the_understudy_is_left(host: Any, nginx: Nginx) -> None:
    visitors.send_to_understudy(host, UNDERSTUDY)
    visitors.send_to_app_server(host, "127.0.0.1:9000")
    assert host.site_file.read_text() == SITE.format("http://127.0.0.1:9000")
    assert not host.upstream_file.exists()


def test_what_nginx_refuses_leaves_its_files_as_they_were(host: Any, nginx: Nginx) -> None:
    nginx.refuses = "nginx -t -q failed"
    with pytest.raises(SwitchError, match="nginx -t"):
        visitors.send_to_understudy(host, UNDERSTUDY)
    assert host.site_file.read_text() == SITE.format(APP)
    assert not host.upstream_file.exists()
    assert nginx.workers == {1, 2}


def test_on_the_way_back_too_and_the_understudy_keeps_them(host: Any, nginx: Nginx) -> None:
    visitors.send_to_understudy(host, UNDERSTUDY)
    nginx.refuses = "nginx -t -q failed"
    with pytest.raises(SwitchError, match="nginx -t"):
        visitors.send_to_app_server(host, "127.0.0.1:8000")
    assert visitors.with_understudy(host)
    assert host.upstream_file.read_text() == UPSTREAM


def test_who_is_slow_is_told_and_waited_for_once(
    host: Any, nginx: Nginx, capsys: pytest.CaptureFixture[str]
) -> None:
    nginx.slow = {2}
    assert visitors.send_to_understudy(host, UNDERSTUDY) == {2}
    assert "Some visitors are slower than 60 s" in capsys.readouterr().out
    visitors.send_to_app_server(host, "127.0.0.1:8000", too_slow={2})
    assert capsys.readouterr() == ("", "")
    nginx.slow = {max(nginx.workers)}
    visitors.send_to_understudy(host, UNDERSTUDY)
    assert "slower" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("timeout", "holds", "program", "seconds"),
    [
        (30, False, "", 60),
        (90, False, "", 90),
        (30, False, "[program:shop]\nstopwaitsecs=125\nuser=shop\n", 120),
        (30, True, "", 30),
        (30, True, "stopwaitsecs=125\n", 120),
    ],
)
def test_they_are_waited_for_as_long_as_a_request_may_take_before_and_after(
    host: Any, nginx: Nginx, timeout: int, holds: bool, program: str, seconds: int
) -> None:
    host.timeout, host.holds_connections = timeout, holds
    if program:
        host.program_file.write_text(program)
    visitors.send_to_understudy(host, UNDERSTUDY)
    assert nginx.waited == [seconds]
