"""Asking a Gunicorn for the health page."""

import http.client
import re
import socket
from contextlib import closing
from urllib.parse import urlsplit

from .host import Host

NO_ANSWER = (OSError, http.client.HTTPException)


class Connection(http.client.HTTPConnection):
    """HTTP over a TCP address or a unix socket, as Gunicorn's `bind` names them."""

    def __init__(self, bind: str, timeout: float) -> None:
        super().__init__("localhost", timeout=timeout)
        self.bind = bind

    def connect(self) -> None:
        if self.bind.startswith("unix:"):
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(self.timeout)
            self.sock.connect(self.bind[len("unix:") :])
        else:
            address, port = self.bind.rsplit(":", 1)
            self.sock = socket.create_connection((address.strip("[]"), int(port)), self.timeout)


def silence_at(host: Host, bind: str) -> str:
    """What keeps it from answering at all, whatever the answer, or an empty string."""
    try:
        _ask(host, bind)
    except NO_ANSWER as error:
        return _silence(host, error)
    return ""


def status_at(host: Host, bind: str) -> int:
    """The status with which it answers; 0 when it does not."""
    try:
        return _ask(host, bind)[0].status
    except NO_ANSWER:
        return 0


def trouble_at(host: Host, bind: str) -> str:
    """What is wrong with the health page there, or an empty string."""
    try:
        answer, body = _ask(host, bind)
    except NO_ANSWER as error:
        return _silence(host, error)
    location = answer.getheader("Location", "")
    if answer.status < 300 or (answer.status < 400 and _is_same_page(host, location)):
        return ""
    if answer.status < 400:
        where = f"{host.health_path} answers {answer.status} and leads elsewhere, to {location}"
        return f"{where}; set health_path to a page that answers itself"
    text = " ".join(re.sub(r"<[^>]*>", " ", body).split())[:300]
    return f"{host.health_path} answers {answer.status} {answer.reason}: {text}"


def _ask(host: Host, bind: str) -> tuple[http.client.HTTPResponse, str]:
    """The answer, and the beginning of its text."""
    with closing(Connection(bind, host.timeout)) as connection:
        connection.request("GET", host.health_path, headers={"Host": host.health_host})
        answer = connection.getresponse()
        return answer, answer.read(2000).decode(errors="replace")


def _silence(host: Host, error: Exception) -> str:
    return f"{host.health_path} does not answer ({type(error).__name__}: {error})"


def _is_same_page(host: Host, location: str) -> bool:
    """Whether a redirect leads to the health page itself, by https or with a slash more."""
    target, page = urlsplit(location), urlsplit(host.health_path)
    return (
        target.hostname in (None, host.health_host)
        and target.path.rstrip("/") == page.path.rstrip("/")
    )  # fmt: skip
