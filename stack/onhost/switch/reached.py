"""Asks Nginx for a file that the live release has collected, wherever visitors come to.

    python3 -m switch.reached

Prints a line for each address at which they get something else: somebody else's site may have it
for itself, or Nginx may not be let at the files. Nothing is said of whom lines of a person's own
(`nginx_server`) may keep out, or lead elsewhere.
"""

import hashlib
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from http.client import RemoteDisconnected
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from . import own_lines
from .connection import ROOT, Connection
from .health import NO_ANSWER
from .host import RECORD, Host
from .limited import TooLongError, run_limited
from .listening import at_port
from .page import printable, words_of
from .system import run
from .visitors import has_visitors, host_now, takes_https

STATIC = re.compile(r"^ *location (\S+) \{\s+alias \$\w+_static/;", re.MULTILINE)
"""In the site's file: where collected files are served."""
FIND = Path(__file__).with_name("collected.sh").read_text()
FOUND = re.compile(r"([0-9a-f]{64})  \./([A-Za-z0-9._/-]+)")
GLOBAL = re.compile(r" inet6? ([0-9a-f.:]+)/(?!.* (?:tentative|dadfailed) )")
"""An address of the host's, as ip has it."""
MOST_ADDRESSES = 8
MOST_BYTES = 200_000
SECONDS = 5


def main() -> int:
    """0, whoever answers."""
    for line in unreached(Host.read(RECORD)):
        print(line)
    return 0


def unreached(host: Host) -> list[str]:
    """What visitors get in place of the file, a line for each address; without such a file, and
    while the site is closed, there is no telling."""
    try:
        return [line for line in _told(host) if line]
    except (OSError, ValueError):
        return []


def _told(host: Host) -> list[str]:
    if not has_visitors(host) or _is_closed(host):
        return []
    place, found = STATIC.search(host.site_file.read_text()), _collected(host)
    if not place or not found:
        return []
    digest, name = found
    port = 443 if takes_https(host) else 80
    return [_trouble(host, one, port, f"{place[1]}{name}", digest) for one in _addresses(port)]


def _is_closed(host: Host) -> bool:
    snippet = Path(f"/etc/nginx/snippets/{host.user}-maintenance.conf")
    return snippet.is_file() and "location" in snippet.read_text()


def _collected(host: Host) -> tuple[str, str] | None:
    """The digest of a file, and its name, which are the word of the project's user."""
    command = ["/bin/sh", "-euc", FIND, "sh", str(host.live)]
    account = {"user": host.uid, "group": host.gid, "extra_groups": host.groups}
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}
    try:
        _, said = run_limited(command, SECONDS, cwd="/", env=environment, **account)
    except (TooLongError, OSError):
        return None
    found = FOUND.fullmatch(said.strip())
    return (found[1], found[2]) if found else None


def _addresses(port: int) -> Iterator[str]:
    """Where others reach Nginx, as `bind` has it; of a host without a network, the host itself."""
    listens = at_port(port, ROOT)
    everywhere = {one.version for one in listens if one.is_unspecified}
    its = [ip_address(one) for one in GLOBAL.findall(run("ip", "-o", "addr", "show", "up"))]
    there = [one for one in its if one.version in everywhere]
    there += [one for one in listens if not one.is_unspecified]
    outside = [one for one in there if not (one.is_loopback or one.is_link_local)]
    for one in islice(dict.fromkeys(outside or there), MOST_ADDRESSES):
        yield _written(one)


def _written(address: IPv4Address | IPv6Address) -> str:
    return f"[{address}]" if address.version == 6 else f"{address}"


def _trouble(host: Host, address: str, port: int, path: str, digest: str) -> str:
    name = host_now(host)
    what = f"{'https' if port == 443 else 'http'}://{address}{path} (Host: {name})"
    bind, by_tls = f"{address}:{port}", name if port == 443 else ""
    try:
        with closing(Connection(bind, SECONDS, ROOT, by_tls)) as connection:
            connection.request("GET", path, headers={"Host": name})
            answer = connection.getresponse()
            body = answer.read(MOST_BYTES)
    except NO_ANSWER as error:
        if isinstance(error, RemoteDisconnected) and own_lines.are_there(host):
            return ""  # they may say `return 444`
        return printable(f"{what} does not answer ({type(error).__name__}: {error})")
    if answer.status == 200 and hashlib.sha256(body).hexdigest() == digest:
        return ""
    to = answer.getheader("Location", "")
    if own_lines.may_answer(host, answer.status) or _leads_to_itself(name, path, to):
        return ""
    text = words_of(body.decode(errors="replace"))
    said = ": ".join(filter(None, (f"{answer.status} {printable(answer.reason)}", text)))
    return f"{what} is not the file that was collected: Nginx answers {said}"


def _leads_to_itself(name: str, path: str, to: str) -> bool:
    """Whether a redirect leads to the same file of the same name: by https, say, where somebody
    takes visitors so in front of Nginx."""
    try:
        target = urlsplit(to)
        return (target.hostname, target.path) == (name.lower(), path)
    except ValueError:
        return False


if __name__ == "__main__":
    sys.exit(main())
