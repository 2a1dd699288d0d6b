"""What every fault has in common: how it is told, what is served meanwhile, what mends it."""

import http.client
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.e2e.controller import PYINFRA, Controller, Run
from tests.e2e.http import get, release_at
from tests.lab import Host

POLL_SECONDS = 0.05
END = 40
"""How many lines from the end a person reads before giving up."""
OUR_TRACEBACK = re.compile(
    r'File "[^"]*(pyinfra|gevent|/stack/|/tasks/|deploy\.py|/usr/local/lib/)|Socket is closed'
)
WRITTEN_BY_THE_SITE = ("/home/fooproject/shared", "/home/fooproject/.gunicorn")


def deploy(site: Controller, *lines: str, words: Sequence[str] = ()) -> Run:
    """Deploy as a person does, after these lines of Python at the end of the inventory."""
    path = site.folder / "inventory.py"
    site.lab.inventory(path, site.hosts, user=site.user, **site.data)
    path.write_text("\n".join([path.read_text(), *lines, ""]))
    return site.run([*PYINFRA, str(path), "deploy.py", "-y", *words], check=False)


def assert_told(run: Run, *telling: str) -> None:
    """A run that failed says why: each of these, in the order given, near the end."""
    shown = run.output + run.stdout
    assert run.returncode != 0, shown[-3000:]
    assert not OUR_TRACEBACK.search(shown), shown[-6000:]
    end = "\n".join(run.output.rstrip().splitlines()[-END:])
    position = 0
    for text in telling:
        found = end.find(text, position)
        assert found >= 0, f"{text!r} is not told, or not in its place:\n{end}"
        position = found + len(text)


@dataclass
class Seen:
    """What one who keeps asking for the health page has got."""

    answers: int = 0
    failures: list[str] = field(default_factory=list)
    releases: set[str] = field(default_factory=set)


@contextmanager
def still_served(*hosts: Host) -> Iterator[None]:
    """What is served now is served, with no failed request, until the block has ended."""
    before = {host: release_at(host) for host in hosts}
    seen = {host: Seen() for host in hosts}
    ended = threading.Event()
    threads = [threading.Thread(target=_poll, args=(h, seen[h], ended), daemon=True) for h in hosts]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join(30)
    for host in hosts:
        assert seen[host].answers, f"{host.name} was not asked"
        assert seen[host].failures == [], host.name
        assert seen[host].releases == {before[host]}, host.name
        assert release_at(host) == before[host]


def _poll(host: Host, seen: Seen, ended: threading.Event) -> None:
    while not ended.wait(POLL_SECONDS):
        seen.answers += 1
        try:
            answer = get(host, "/health")
        except (OSError, http.client.HTTPException) as error:
            seen.failures.append(repr(error))
            continue
        if answer.status != 200:
            seen.failures.append(f"{answer.status} {answer.text[:200]}")
        else:
            seen.releases.add(answer.json["release"])


def assert_mended(site: Controller) -> None:
    """One ordinary apply brings the new release to every host, and leaves nothing to do."""
    before = {host: release_at(host) for host in site.hosts}
    site.apply()
    for host in site.hosts:
        assert release_at(host) != before[host], host.name
    planned = site.plan()
    assert planned == [], planned


def fingerprint(host: Host) -> str:
    """All files that a deploy could write, but not what the site itself writes."""
    folders = "/etc /home /root /usr/local /var/lib/dpkg /var/log/fooproject /var/spool /opt /srv"
    written = [*WRITTEN_BY_THE_SITE, "*/__pycache__", "*.log"]
    passed_over = " -o ".join(f"-path '{path}'" for path in written)
    return host.enter(
        f"find {folders} \\( {passed_over} \\) -prune -o "
        r"-printf '%p %y %m %u %g %s %T@ %l\n' | sort"
    ).stdout
