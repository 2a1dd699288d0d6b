"""What the main files of Nginx and Supervisor have of somebody else's, which ours would end."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from posixpath import basename, dirname, join

from stack.state.server_blocks import NOBODYS, Server, directives

NGINX = "/etc/nginx/nginx.conf"
READ_BY_NGINX = (
    "/etc/nginx/mime.types",
    "/etc/nginx/modules-enabled/*.conf",
    "/etc/nginx/conf.d/*.conf",
    "/etc/nginx/sites-enabled/*",
)
"""What our nginx.conf includes."""
SUPERVISOR = "/etc/supervisor/supervisord.conf"
READ_BY_SUPERVISOR = ("/etc/supervisor/conf.d/*.conf",)
"""What our supervisord.conf includes."""
RUNS = re.compile(r"(program|group|eventlistener|fcgi-program):.*|inet_http_server")
"""Sections of Supervisor's by which something runs, or answers."""


def ended_in_nginx(text: str) -> str:
    """What goes with an nginx.conf and would no longer be served, for a person; or nothing.

    Args:
        text: that of the file.
    """
    of_http = [*_servers(text), *_includes(text, in_http=True)]
    of_main = [*_others(text), *_includes(text, in_http=False)]
    if not of_http and not of_main:
        return ""
    where = [
        f"Move to /etc/nginx/conf.d/own.conf: {', '.join(of_http)}." if of_http else "",
        # Which is read outside of http, as Debian's packages of modules need it.
        f"Move to /etc/nginx/modules-enabled/own.conf: {', '.join(of_main)}." if of_main else "",
    ]
    return (
        f"{NGINX} would be overwritten, and contains what would no longer be served. "
        f"{' '.join(filter(None, where))}"
    )


def _blocks(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """Each directive with the names of the blocks around it."""
    blocks: list[str] = []
    for words, end in directives(text):
        if end == "}":
            del blocks[-1:]
            continue
        if words:
            yield words, [*blocks]
        if end == "{":
            blocks.append(words[0] if words else "")


def _servers(text: str) -> Iterator[str]:
    """Those of `http` alone: what `stream` and `mail` have goes with their blocks."""
    servers: list[Server] = []
    for words, blocks in _blocks(text):
        if blocks == ["http"] and words == ["server"]:
            servers.append(Server())
        elif blocks == ["http", "server"] and words[0] == "listen" and words[1:]:
            servers[-1].listens.append(tuple(words[1:]))
        elif blocks == ["http", "server"] and words[0] == "server_name":
            servers[-1].names.update(words[1:])
    for server in servers:
        told = sorted(server.names - NOBODYS) + sorted(server.addresses)
        yield f"the server block of {' '.join(told)}"


def _others(text: str) -> Iterator[str]:
    for words, blocks in _blocks(text):
        if not blocks and words[0] in ("stream", "mail"):
            yield f"the block {words[0]}"


def _includes(text: str, in_http: bool) -> Iterator[str]:
    for words, blocks in _blocks(text):
        is_there = blocks == (["http"] if in_http else [])
        if is_there and words[0] == "include" and words[1:]:
            path = join(dirname(NGINX), words[1])
            if not _is_read(path, READ_BY_NGINX):
                yield f"include {path}"


def _is_read(path: str, patterns: tuple[str, ...]) -> bool:
    return any(
        dirname(path) == dirname(pattern) and fnmatchcase(basename(path), basename(pattern))
        for pattern in patterns
    )


def ended_in_supervisor(text: str) -> str:
    """What goes with a supervisord.conf and would no longer run, for a person; or nothing.

    Args:
        text: that of the file.
    """
    # Imported late: few plans meet a file that is not ours.
    from configparser import Error, RawConfigParser

    parser = RawConfigParser(strict=False, inline_comment_prefixes=(";", "#"))
    try:
        parser.read_string(text)
    except Error:
        return ""  # nothing runs by a file that cannot be read
    sections = [f"[{section}]" for section in parser.sections() if RUNS.fullmatch(section)]
    included = parser.get("include", "files", fallback="")
    patterns = included.replace("%(here)s", dirname(SUPERVISOR)).split()
    paths = [join(dirname(SUPERVISOR), pattern) for pattern in patterns]
    files = [path for path in paths if not _is_read(path, READ_BY_SUPERVISOR)]
    if not sections and not files:
        return ""
    where = [
        f"Move to /etc/supervisor/conf.d/own.conf: {', '.join(sections)}." if sections else "",
        f"Move to /etc/supervisor/conf.d, as NAME.conf: {' '.join(files)}." if files else "",
    ]
    return (
        f"{SUPERVISOR} would be overwritten, and contains what would no longer run. "
        f"{' '.join(filter(None, where))}"
    )
