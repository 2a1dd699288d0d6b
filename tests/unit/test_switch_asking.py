"""What the switch asks of a server, and how long it listens: against servers of this process."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stack.onhost.switch import health, visitors
from stack.onhost.switch.connection import Connection, OthersError, listens
from stack.onhost.switch.listening import every_name, listeners
from stack.onhost.switch.page import words_of
from stack.onhost.switch.rivals import end, refuse_others
from stack.onhost.switch.system import SwitchError

ME = os.getuid()
Speak = Callable[[socket.socket], None]


class Server:
    """Speaks to whoever connects, and keeps what they asked."""

    def __init__(self, sock: socket.socket, speak: Speak) -> None:
        self.sock, self.speak = sock, speak
        self.asked: list[str] = []
        sock.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                visitor, _ = self.sock.accept()
                with suppress(OSError), visitor:
                    self.asked.append(visitor.recv(65536).decode())
                    self.speak(visitor)


@pytest.fixture
def serve() -> Iterator[Callable[[Speak], tuple[str, Server]]]:
    """Begin to serve on a port of this machine."""
    sockets = []

    def begin(speak: Speak) -> tuple[str, Server]:
        sock = socket.create_server(("127.0.0.1", 0))
        sockets.append(sock)
        return f"127.0.0.1:{sock.getsockname()[1]}", Server(sock, speak)

    yield begin
    for sock in sockets:
        sock.close()


def host(path: str = "/health", https: bool = True, timeout: float = 1) -> Any:
    return SimpleNamespace(
        health_path=path, health_host="shop.example.com", https=https, timeout=timeout, uid=ME
    )


def answering(*answers: str) -> Speak:
    left = list(answers)

    def speak(visitor: socket.socket) -> None:
        visitor.sendall(left.pop(0).encode())

    return speak


def redirect(location: str) -> str:
    return f"HTTP/1.1 301 Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"


FINE = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
RAISES = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 3\r\n\r\nsad"
HTTPS = "https://shop.example.com/health"


def dripping(beginning: bytes, drop: bytes) -> Speak:
    def speak(visitor: socket.socket) -> None:
        visitor.sendall(beginning)
        for _ in range(100):
            visitor.sendall(drop)
            time.sleep(0.1)

    return speak


@pytest.mark.parametrize(
    ("beginning", "drop"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n", b"x"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"", b"H"),
    ],
)
def test_an_answer_that_never_ends_is_none(
    serve: Callable[[Speak], tuple[str, Server]], beginning: bytes, drop: bytes
) -> None:
    bind, _ = serve(dripping(beginning, drop))
    began = time.monotonic()
    assert "/health does not answer" in health.trouble_at(host(), bind)
    assert time.monotonic() - began < 8


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([redirect("/health/"), FINE], ""),
        ([redirect("/health/"), RAISES], "/health answers 500 Internal Server Error: sad"),
        ([redirect(HTTPS), FINE], ""),
        ([redirect(HTTPS), redirect(f"{HTTPS}/"), RAISES], "/health answers 500"),
        ([redirect(HTTPS)] * 2, "and never reaches a page; is SECURE_PROXY_SSL_HEADER"),
        ([redirect("/health/"), redirect("/health")], "and never reaches a page"),
        ([redirect(f"/health?{n}") for n in range(9)], "and never reaches a page"),
        (
            [redirect("/login/?next=/health")],
            "redirects elsewhere, to /login/?next=/health; set health",
        ),
        ([redirect("https://other.example.com/health")], "redirects elsewhere"),
        ([redirect("http://shop.example.com:8000/health")], "redirects elsewhere"),
        ([redirect("http://[shop/health")], "redirects elsewhere"),
        ([redirect("http://127.0.0.1:5432/health")], "redirects elsewhere"),
    ],
)
def test_a_redirect_to_the_same_page_is_followed_and_to_another_is_none(
    serve: Callable[[Speak], tuple[str, Server]], answers: list[str], told: str
) -> None:
    bind, _ = serve(answering(*answers))
    trouble = health.trouble_at(host(), bind)
    assert told in trouble if told else trouble == ""


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ([redirect("/login/?next=/"), FINE], ""),
        ([redirect("/en/"), redirect("/en/shop/"), FINE], ""),
        (["HTTP/1.1 404 Not Found\r\n\r\n"], "/ answers 404 Not Found: set health_path to a"),
        ([redirect("/login/?next=/"), RAISES], "/login/ answers 500 Internal Server Error: sad"),
        (
            [redirect("/login/"), redirect("/"), FINE],
            "/login/ answers 301 and redirects to /, and on",
        ),
        ([redirect("https://sso.example.com/"), FINE], "redirects elsewhere"),
        ([redirect("http://shop.example.com:8000/"), FINE], "redirects elsewhere"),
    ],
)
def test_the_front_page_may_lead_to_any_page_of_the_site(
    serve: Callable[[Speak], tuple[str, Server]], answers: list[str], told: str
) -> None:
    bind, _ = serve(answering(*answers))
    trouble = health.trouble_at(host("/"), bind)
    assert told in trouble if told else trouble == ""


def test_after_a_redirect_to_https_it_comes_as_a_trusted_front_would_send_it(
    serve: Callable[[Speak], tuple[str, Server]],
) -> None:
    bind, server = serve(answering(redirect(HTTPS), FINE))
    assert health.trouble_at(host(), bind) == ""
    plain, secure = server.asked
    assert "X-Forwarded" not in plain
    for line in ("Host: shop.example.com", *map(": ".join, health.SAID_BY_A_FRONT.items())):
        assert f"\r\n{line}\r\n" in secure


def answer(status: str, body: str = "") -> str:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n\r\n{body}"


def sized(*lengths: str, status: str = "200 OK") -> str:
    lines = "".join(f"Content-Length: {length}\r\n" for length in lengths)
    return f"HTTP/1.1 {status}\r\n{lines}\r\nfine!"


@pytest.mark.parametrize(
    ("said", "told", "status"),
    [
        (answer("200 OK"), "", 200),
        (answer("204 No Content"), "", 204),
        (answer("404 Not Found", "<h1>Not Found</h1>"), "set health_path to a page", 404),
        (answer("400 Bad Request"), "400 Bad Request; is shop.example.com, the first of", 400),
        (answer("403 Forbidden", "<p>not you</p>"), "403 Forbidden: not you", 403),
        (answer("500 Error", "<h1>Oh no</h1>"), "/health answers 500 Error: Oh no", 500),
        (answer("500 \x1b[31mred"), "/health answers 500 [31mred", 500),
        (redirect("/login"), "redirects elsewhere, to /login; set health_path", 301),
        (redirect("http://[oops/health"), "redirects elsewhere, to http://[oops/health", 301),
        (
            redirect("/health"),
            "redirects to /health, and on from there, and never reaches a page",
            301,
        ),
        (sized("3", "5"), "/health answers 200 and says that it has 3 and 5 bytes", 200),
        (sized("3, 5"), "3 and 5 bytes (Content-Length), which browsers and proxies refuse", 200),
        (sized("0_3"), "it has 0_3 bytes", 200),
        (sized("+3"), "it has +3 bytes", 200),
        (sized("3", "4", status="301 Moved\r\nLocation: /health/"), "3 and 4 bytes", 301),
        (sized("3", "3"), "", 200),
        ("nonsense\r\n\r\n", "/health does not answer (BadStatusLine", 0),
        ("", "/health does not answer (RemoteDisconnected", 0),
    ],
)
def test_an_answer_is_told_with_what_to_do_about_it(
    serve: Callable[[Speak], tuple[str, Server]], said: str, told: str, status: int
) -> None:
    bind, _ = serve(answering(said, said, said))
    trouble = health.trouble_at(host(), bind)
    assert told in trouble
    assert (trouble == "") is (told == "")
    assert health.status_at(host(), bind) == status
    # What answers is there, whatever it says.
    assert (health.silence_at(host(), bind) == "") is (status > 0)


def test_what_is_not_there_is_silent() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as sock:
        bind = f"127.0.0.1:{sock.getsockname()[1]}"
    assert "does not answer (ConnectionRefusedError" in health.silence_at(host(), bind)
    assert health.trouble_at(host(), bind) == health.silence_at(host(), bind)
    assert health.status_at(host(), bind) == 0


def test_a_health_page_is_asked_with_its_query(
    serve: Callable[[Speak], tuple[str, Server]],
) -> None:
    bind, server = serve(answering(FINE))
    assert health.trouble_at(host("/health?deep=1"), bind) == ""
    assert server.asked[0].startswith("GET /health?deep=1 HTTP/1.1\r\n")


def test_redirects_come_to_an_end(serve: Callable[[Speak], tuple[str, Server]]) -> None:
    bind, server = serve(answering(*(redirect(f"/{number}") for number in range(10))))
    assert "and on from there, and never reaches a page" in health.trouble_at(host("/"), bind)
    assert len(server.asked) == health.MOST_REDIRECTS + 1


def test_https_that_no_front_says_is_refused_with_the_setting_to_write(
    serve: Callable[[Speak], tuple[str, Server]],
) -> None:
    bind, server = serve(answering(redirect(HTTPS), FINE))
    assert "trusted_proxies" in health.trouble_at(host(https=False), bind)
    assert len(server.asked) == 1


def test_behind_nginx_https_is_asked_of_whom_nginx_asks(
    serve: Callable[[Speak], tuple[str, Server]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nginx, _ = serve(answering(redirect(HTTPS)))
    gunicorn, _ = serve(answering(RAISES))
    site = tmp_path / "site"
    site.write_text(f"proxy_pass http://{gunicorn}/;")
    monkeypatch.setattr(health, "NGINX", nginx)
    monkeypatch.setattr(health, "ROOT", ME)
    asked = host()
    asked.site_file, asked.user, asked.bind = site, "shop", "127.0.0.1:1"
    assert visitors.bind_now(asked) == gunicorn
    assert "answers 500" in health.trouble_at(asked, nginx)


@pytest.mark.parametrize("is_declared", [False, True])
def test_a_visitor_goes_on_by_https_where_nginx_still_takes_it_whatever_is_declared(
    serve: Callable[[Speak], tuple[str, Server]],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    is_declared: bool,
) -> None:
    nginx, _ = serve(answering(redirect(HTTPS)))
    site = tmp_path / "site"
    site.write_text("    ssl_certificate /etc/ssl/chain.pem;\n    proxy_pass http://127.0.0.1:2;\n")
    monkeypatch.setattr(health, "NGINX", nginx)
    monkeypatch.setattr(health, "NGINX_TLS", "127.0.0.1:1")
    monkeypatch.setattr(health, "ROOT", ME)
    asked = host(https=is_declared)
    asked.site_file, asked.user, asked.bind = site, "shop", "127.0.0.1:3"
    with pytest.raises(OSError, match="refused"):
        health._visit(asked, nginx)


@pytest.mark.parametrize("way", ["tcp", "unix"])
def test_nothing_is_sent_to_anybody_but_the_owner(
    serve: Callable[[Speak], tuple[str, Server]], tmp_path: Path, way: str
) -> None:
    bind, server = serve(answering(FINE))
    if way == "unix":
        bind = f"unix:{tmp_path}/socket"
        sock = socket.socket(socket.AF_UNIX)
        sock.bind(f"{tmp_path}/socket")
        server = Server(sock, answering(FINE))
    with closing(Connection(bind, 1, ME + 1)) as connection, pytest.raises(OthersError):
        connection.request("GET", "/")
    assert server.asked == []
    with closing(Connection(bind, 1, ME)) as connection:
        connection.request("GET", "/")
        assert connection.getresponse().status == 200


def test_a_socket_that_nobody_listens_to_yet_is_told_from_one_that_is(tmp_path: Path) -> None:
    path = tmp_path / "made.sock"
    assert not listens(f"unix:{path}", os.getuid())
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))
        assert not listens(f"unix:{path}", os.getuid())
        made.listen()
        assert listens(f"unix:{path}", os.getuid())
        # Whom else it belongs to, others tell.
        assert listens(f"unix:{path}", os.getuid() + 1)


def test_a_symlink_in_a_sockets_place_is_not_followed(tmp_path: Path) -> None:
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(f"{tmp_path}/socket")
    sock.listen()
    (tmp_path / "link").symlink_to("socket")
    with (
        closing(Connection(f"unix:{tmp_path}/link", 1, ME)) as connection,
        pytest.raises(OthersError, match="is not a socket"),
    ):
        connection.connect()
    sock.close()


def test_a_process_is_ended_and_not_when_it_is_no_longer_the_one() -> None:
    child = os.fork()
    if not child:
        time.sleep(60)
        os._exit(0)
    end(child, lambda: False)
    assert os.waitpid(child, os.WNOHANG) == (0, 0)
    end(child, lambda: True)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGTERM
    end(child, lambda: True)  # it is nobody's number now


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("<title>Oh</title><style>a { b: c }</style><h1>No &amp; no</h1><p>why</p>", "No & no why"),
        ("<html><head><title>Server Error</title></head><body></body>", "Server Error"),
        ("<script>if (a < b) {}</script><!-- x --> <b>late", "late"),
        ("<style>" + "a{}" * 9000, ""),
        ("\x1b[31mred\x1b[0m\r\n\u202eback", "[31mred [0m back"),
        ("x" * 999, "x" * 300 + " …"),
        ("", ""),
    ],
)
def test_a_page_is_told_in_the_words_that_a_visitor_reads(page: str, words: str) -> None:
    assert words_of(page) == words


def flooding(beginning: bytes, sent: list[int]) -> Speak:
    def speak(visitor: socket.socket) -> None:
        visitor.sendall(beginning)
        for _ in range(1000):
            visitor.sendall(b"x" * 100_000)
            sent.append(100_000)

    return speak


@pytest.mark.parametrize("length", ["-1", "-2", "-5", "7fffffffffffffff"])
def test_an_answer_of_no_length_takes_no_memory(
    serve: Callable[[Speak], tuple[str, Server]], length: str
) -> None:
    sent: list[int] = []
    chunk = f"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length}\r\n"
    bind, _ = serve(flooding(chunk.encode(), sent))
    health.trouble_at(host(timeout=20), bind)
    assert sum(sent) < 20_000_000
    assert ("does not answer" in health.trouble_at(host(), bind)) is length.startswith("-")


def test_a_redirect_is_followed_by_the_bytes_that_were_sent(
    serve: Callable[[Speak], tuple[str, Server]],
) -> None:
    left = [
        redirect("/qualit\u00e9/").encode("latin-1"),
        redirect("/\u00e9/").encode(),
        FINE.encode(),
    ]
    bind, server = serve(lambda visitor: visitor.sendall(left.pop(0)))
    assert health.trouble_at(host("/"), bind) == ""
    assert [asked.split()[1] for asked in server.asked] == ["/", "/qualit%E9/", "/%C3%A9/"]


IN_THE_WAY = """
import ctypes, os, socket, sys
ctypes.CDLL(None).prctl(15, b"m\\xc3", 0, 0, 0)
with socket.create_server(("127.0.0.1", 0)) as sock:
    print(sock.getsockname()[1], flush=True)
    sys.stdin.read()
"""


def test_who_is_in_the_way_is_told_whatever_he_calls_himself() -> None:
    asked = host()
    asked.uid, asked.program = ME + 1, "django"
    with subprocess.Popen(
        [sys.executable, "-c", IN_THE_WAY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        asked.bind = f"127.0.0.1:{process.stdout.readline().strip()}"
        with pytest.raises(SwitchError, match=rf"is taken by process {process.pid} \(m"):
            refuse_others(asked)
        process.communicate()


def test_who_listens_by_ipv6_alone_is_not_in_the_way_of_ipv4() -> None:
    with socket.create_server(("127.0.0.1", 0)) as own:
        port = own.getsockname()[1]
        try:
            other = socket.create_server(("::", port), family=socket.AF_INET6)
        except OSError:
            pytest.skip("this machine has no IPv6")
        with other:
            [alone] = listeners(f"127.0.0.1:{port}")
            assert alone.name == os.readlink(f"/proc/self/fd/{own.fileno()}")
            assert len(listeners(f"[::]:{port}")) == 2
            assert len(listeners(f"[::1]:{port}")) == 1
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as both:
        assert len(listeners(f"127.0.0.1:{both.getsockname()[1]}")) == 1


def test_every_socket_that_listens_is_known(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as tcp, socket.socket(socket.AF_UNIX) as unix:
        unix.bind(str(tmp_path / "one.sock"))
        names = [os.readlink(f"/proc/self/fd/{one.fileno()}") for one in (tcp, unix)]
        assert every_name() & {*names} == {names[0]}
        unix.listen()
        assert every_name() >= {*names}


def test_no_name_of_a_socket_passes_for_another_that_listens(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent, socket.socket(socket.AF_UNIX) as forging:
        silent.bind(str(tmp_path / "one.sock"))
        inode = os.fstat(silent.fileno()).st_ino
        forging.bind(f"\0x\na 1 1 00010000 0001 01 {inode} /x\n")
        forging.listen()
        assert f"socket:[{inode}]" not in every_name()
