"""Asking for the health page as a visitor's browser does."""

import http.client
from contextlib import closing
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from .connection import ROOT, Connection
from .host import Host
from .page import printable, words_of
from .visitors import bind_now, takes_https

NGINX = "127.0.0.1:80"
NGINX_TLS = "127.0.0.1:443"
NO_ANSWER = (OSError, http.client.HTTPException, ValueError)
"""What asking may end with; the last is what http.client makes of lengths that are none."""
MOST_REDIRECTS = 4
URL_CHARACTERS = "!#$%&'()*+,/:;=?@[]~"
MOST_BYTES = 8000
"""Of a page, which may begin with its styles."""

SAID_BY_A_FRONT = {
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Ssl": "on",
    # Gunicorn takes anything else here for http, and refuses what contradicts itself.
}
"""What our Nginx says when a trusted front says https."""
DEFAULT_PORTS = {"http": (None, 80), "https": (None, 443)}


class Answer(NamedTuple):
    """What came back in the end."""

    page: str
    """Which page: a redirect may have led to another."""
    status: int
    reason: str
    text: str
    trouble: str = ""
    """Why it was asked no further, though it is a redirect, or why no visitor gets it."""


def silence_at(host: Host, bind: str) -> str:
    """What keeps it from answering at all, whatever the answer, or an empty string."""
    try:
        _ask(host, bind, _address(host))
    except NO_ANSWER as error:
        return _silence(host, error)
    return ""


def status_at(host: Host, bind: str) -> int:
    """The status with which it answers in the end; 0 when it does not."""
    try:
        return _visit(host, bind).status
    except NO_ANSWER:
        return 0


def trouble_at(host: Host, bind: str) -> str:
    """What is wrong with the health page there, or an empty string."""
    try:
        answer = _visit(host, bind)
    except NO_ANSWER as error:
        return _silence(host, error)
    said = f"{answer.page} answers {answer.status}"
    if answer.trouble:
        return f"{said} and {answer.trouble}"
    if answer.status < 300:
        return ""
    if answer.status == HTTPStatus.NOT_FOUND:
        return f"{said} {answer.reason}: set health_path to a page that the site has"
    said = ": ".join(filter(None, (f"{said} {answer.reason}", answer.text)))
    if answer.status == HTTPStatus.BAD_REQUEST:
        return f"{said}; is {host.health_host}, the first of server_name, in ALLOWED_HOSTS?"
    return said


def _address(host: Host) -> str:
    return f"http://{host.health_host}{host.health_path}"


def _visit(host: Host, bind: str) -> Answer:
    """Ask, and follow what leads to the same page: by https, or with a slash more.

    The front page of many a site only leads to another one, to log in or in the visitor's language:
    there any page of the site is followed to.
    """
    url, seen = _address(host), set[str]()
    while True:
        seen.add(url)
        # Nginx does not take a visitor from this host for a front, and Gunicorn does.
        said_https = url.startswith("https:")
        where = bind
        if said_https and bind == NGINX:
            where = NGINX_TLS if takes_https(host) else bind_now(host)
        response, body = _ask(host, where, url)
        # The bytes that were sent, as a browser asks for them.
        sent = response.getheader("Location", "").encode("latin-1", "replace")
        location = printable(sent.decode(errors="replace"))
        page = host.health_path if _is_same(host, url) else urlsplit(url).path
        answer = Answer(page, response.status, printable(response.reason), words_of(body))
        if lengths := _contradiction(response):
            says = f"says that it has {lengths} bytes (Content-Length)"
            return answer._replace(trouble=f"{says}, which browsers and proxies refuse")
        if not 300 <= answer.status < 400:
            return answer
        target = _to_follow(host, url, quote(sent, safe=URL_CHARACTERS))
        if not target:
            trouble = f"redirects elsewhere, to {location}; set health_path to a page that does not"
        elif target.startswith("https:") and not (host.https or _takes_https(host, bind)):
            trouble = (
                f"redirects to {location}, and nothing tells Django of https: set tls, or name the "
                "proxy that does in trusted_proxies"
            )
        elif target in seen or len(seen) > MOST_REDIRECTS:
            trouble = f"redirects to {location}, and on from there, and never reaches a page"
            if said_https:
                trouble += "; is SECURE_PROXY_SSL_HEADER what X-Forwarded-Proto: https says?"
        else:
            url = target
            continue
        return answer._replace(trouble=trouble)


def _takes_https(host: Host, bind: str) -> bool:
    return bind == NGINX and takes_https(host)


def _ask(host: Host, bind: str, url: str) -> tuple[http.client.HTTPResponse, str]:
    """The answer, and the beginning of its text."""
    parts = urlsplit(url)
    by_tls = bind == NGINX_TLS
    says_https = parts.scheme == "https" and not by_tls
    headers = {"Host": host.health_host, **(SAID_BY_A_FRONT if says_https else {})}
    owner = ROOT if bind in (NGINX, NGINX_TLS) else host.uid
    name = host.health_host if by_tls else ""
    with closing(Connection(bind, host.timeout, owner, name)) as connection:
        page = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
        connection.request("GET", page, headers=headers)
        answer = connection.getresponse()
        return answer, answer.read(MOST_BYTES).decode(errors="replace")


def _contradiction(response: http.client.HTTPResponse) -> str:
    """The lengths that an answer says it has, where they are not one; http.client takes the first,
    and what it cannot read for none."""
    told = ",".join(response.headers.get_all("Content-Length", []))
    lengths = list(dict.fromkeys(printable(length).strip() for length in told.split(",")))
    is_one = len(lengths) == 1 and lengths[0].isascii() and lengths[0].isdigit()
    return " and ".join(lengths[:2]) if told and not is_one else ""


def _silence(host: Host, error: Exception) -> str:
    return printable(f"{host.health_path} does not answer ({type(error).__name__}: {error})")


def _to_follow(host: Host, url: str, location: str) -> str:
    """Where a redirect leads, when that counts for the health page; else an empty string."""
    try:
        target = urlsplit(urljoin(url, location))
        port = target.port
    except ValueError:
        return ""
    page = urlsplit(_address(host))
    counts = (
        port in DEFAULT_PORTS.get(target.scheme, ())
        and target.hostname == page.hostname
        and (page.path == "/" or _is_same(host, target.geturl()))
    )
    return target._replace(fragment="").geturl() if counts else ""


def _is_same(host: Host, url: str) -> bool:
    """Whether an address of the site is the health page's, but for a slash at its end."""
    return urlsplit(url).path.rstrip("/") == urlsplit(_address(host)).path.rstrip("/")
