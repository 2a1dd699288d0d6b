"""That contenders reach the same: what a host is like, seen by a visitor and from within."""

import gzip
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.contenders.contender import Release
from bench.measuring import CostError
from tests.e2e.http import get
from tests.lab import Host

WITHIN = Path(__file__).with_name("within.sh")


def seen(host: Host, release: Release) -> dict[str, str]:
    """What the host is like with that release; raises CostError when it does not serve it."""
    return {**answers(host, release), "within": host.enter(WITHIN.read_text()).stdout}


def answers(host: Host, release: Release) -> dict[str, str]:
    """What a visitor gets of it; raises CostError when that is not the release."""
    page = get(host)
    if page.status != 200 or f"<h1>{release.title}</h1>" not in page.text:
        raise CostError(f"{host.name} answers {page.status}, and not {release.title!r}")
    file = re.search(r'href="(/static/[^"]+\.css)"', page.text)
    static = get(host, file[1], Accept_Encoding="gzip") if file else None
    if not static or static.status != 200:
        raise CostError(f"{host.name} answers {static and static.status} for a static file")
    packed = static.headers.get("content-encoding") == "gzip"
    content = gzip.decompress(static.body) if packed else static.body
    kept = ("content-type", "content-encoding", "cache-control")
    return {
        "page": _without_chance(page.text),
        "static file": hashlib.sha256(content).hexdigest(),
        "its headers": str({name: static.headers.get(name) for name in kept}),
    }


def _without_chance(page: str) -> str:
    """A page without its release's ID and the tokens of its form."""
    page = re.sub(r'(<code id="release">).*?(</code>)', r"\1\2", page)
    return re.sub(r'(name="(?:csrfmiddlewaretoken|token)" value=)"\w*"', r"\1", page)


def compare(first: Mapping[str, str], other: Mapping[str, str], name: str) -> None:
    """Raise CostError unless both are alike, with the first line that differs."""
    for part, text in first.items():
        ours, theirs = text.splitlines(), other[part].splitlines()
        if ours != theirs:
            one = next((one for one in ours if one not in theirs), "")
            two = next((one for one in theirs if one not in ours), "")
            raise CostError(f"{name}: {part}: {two!r} in place of {one!r}")


class Expected:
    """What every contender's host is to be like, as the first one is."""

    def __init__(self, host: Host, release: Release) -> None:
        self._release = release
        self._seen = seen(host, release)

    def check(self, host: Host, release: Release, name: str) -> None:
        """Raise CostError unless a host is so, with a release of its own."""
        page = self._seen["page"].replace(self._release.title, release.title)
        compare(self._seen | {"page": page}, seen(host, release), name)


@contextmanager
def nothing_restarted(hosts: Sequence[Host], name: str) -> Iterator[None]:
    """Raise CostError when a contender that had nothing to do has restarted something."""
    before = [_processes(host) for host in hosts]
    yield
    if before != [_processes(host) for host in hosts]:
        raise CostError(f"{name} has restarted something, with nothing to do")


def _processes(host: Host) -> str:
    """Those that must be the same ones when there was nothing to do."""
    of_supervisor = 'ps -o pid=,args= --ppid "$(cat /run/supervisord.pid)"'
    return host.enter(f"ps -o pid=,args= -C nginx,supervisord; {of_supervisor}").stdout
