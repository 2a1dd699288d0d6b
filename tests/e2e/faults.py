"""What every fault has in common: how it is told, what is served meanwhile, what mends it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from tests.e2e.controller import PYINFRA, Controller, Run
from tests.e2e.http import release_at
from tests.e2e.load import Tally, polled
from tests.lab import Host

END = 40
"""How many lines from the end a person reads before giving up."""
OUR_TRACEBACK = re.compile(
    r'File "[^"]*(pyinfra|gevent|/stack/|/tasks/|deploy\.py|/usr/local/lib/)|Socket is closed'
)
WRITTEN_BY_THE_SITE = ("/home/fooproject/shared", "/home/fooproject/.gunicorn")


def deploy(site: Controller, *lines: str, words: Sequence[str] = ()) -> Run:
    """Deploy as a person does, after these lines of Python at the end of the inventory."""
    command = [*PYINFRA, str(site.inventory(*lines)), "deploy.py", "-y", *words]
    return site.run(command, check=False)


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


@contextmanager
def no_request_fails(*hosts: Host) -> Iterator[dict[Host, Tally]]:
    """No visitor of these hosts is turned away until the block has ended."""
    with ExitStack() as visitors:
        seen = {host: visitors.enter_context(polled(host)) for host in hosts}
        yield seen
    for host, tally in seen.items():
        assert tally.sent, f"{host.name} was not asked"
        assert tally.failed == [], host.name


@contextmanager
def still_served(*hosts: Host) -> Iterator[None]:
    """What is served now is served, with no failed request, until the block has ended."""
    before = {host: release_at(host) for host in hosts}
    with no_request_fails(*hosts) as seen:
        yield
    for host, tally in seen.items():
        assert tally.releases == [before[host]], host.name
        assert release_at(host) == before[host]


def assert_mended(site: Controller) -> None:
    """One ordinary apply brings the new release to every host, and leaves nothing to do."""
    before = {host: release_at(host) for host in site.hosts}
    site.apply()
    for host in site.hosts:
        assert release_at(host) != before[host], host.name
    planned = site.plan()
    assert planned == [], planned


def assert_clean(host: Host) -> None:
    """A switch that failed has left nothing behind, which the next plan would have to see to."""
    folders = ("/var/lib", "/etc/nginx/conf.d", "/run/systemd/transient")
    traces = [f"{folder}/*understudy*" for folder in folders]
    traces += ["/etc/supervisor/conf.d/.*.new", "/etc/nginx/*/.*.new"]
    assert host.enter(f"ls -d {' '.join(traces)}", check=False).stdout == ""


def fingerprint(host: Host) -> str:
    """All files that a deploy could write, but not what the site itself writes."""
    folders = "/etc /home /root /usr/local /var/lib/dpkg /var/log/fooproject /var/spool /opt /srv"
    written = [*WRITTEN_BY_THE_SITE, "*/__pycache__", "*.log"]
    passed_over = " -o ".join(f"-path '{path}'" for path in written)
    return host.enter(
        f"find {folders} \\( {passed_over} \\) -prune -o "
        r"-printf '%p %y %m %u %g %s %T@ %l\n' | sort"
    ).stdout
