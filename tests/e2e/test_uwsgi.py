"""uWSGI in Gunicorn's place, with the same promises."""

import http.client
import re
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.http import get, post, release_at, wait_for
from tests.e2e.load import Visitors
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

DRAIN_SECONDS = 8
ODD = '''

import sys
import tempfile

from django.http import FileResponse, HttpResponseForbidden


@csrf_exempt
def odd(request, what):
    """What servers may differ in."""
    if what == "unread":
        return HttpResponseForbidden("unread")
    if what == "file":
        file = tempfile.TemporaryFile()
        file.write(b"0123456789" * 1000)
        file.seek(5)
        return FileResponse(file)
    told = {name: value for name, value in request.META.items() if name.startswith("HTTP_X_")}
    told |= {"secure": request.is_secure(), "python": sys.executable, "prefix": sys.prefix}
    told["asked"] = request.META.get("RAW_URI") or request.META["REQUEST_URI"]
    told |= {"file": __file__, "path": request.path, "received": len(request.body)}
    return JsonResponse(told)
'''


@pytest.fixture(scope="module")
def host(lab: Lab, deployed_web: Host) -> Iterator[Host]:
    host = lab.host("uwsgi", layer=DEPLOYED)
    wait_for_site(host)
    yield host
    host.power_off()


@pytest.fixture
def site(host: Host, controller: Callable[..., Controller]) -> Controller:
    """The controller of that host, which is to run uWSGI."""
    site = controller(host)
    project = site.project()
    with (project / "guestbook" / "api.py").open("a") as file:
        file.write(ODD)
    urls = project / "guestbook" / "urls.py"
    line = '    path("odd/<path:what>", api.odd),\n]'
    urls.write_text(urls.read_text().replace("]", line))
    site.data |= {"server": "uwsgi", "timeout_seconds": DRAIN_SECONDS}
    # Who asks is taken for a front.
    site.data["trusted_proxies"] = [f"{site.lab.subnet}.1"]
    site.data["env"] = {"SECRET_KEY": "any", "PORT": "9", "UWSGI_THUNDER_LOCK": "1"}
    return site


def runs(host: Host) -> str:
    """What Supervisor's program is, by the kernel."""
    return host.enter("cat /proc/$(supervisorctl pid django)/comm").stdout.strip()


def answers(host: Host) -> dict[str, Any]:
    """What the app is told of a visit, and what a visitor gets, where servers may differ."""
    headers: dict[str, Any] = {f"X_Large_{number}": "x" * 7000 for number in range(3)}
    meta = get(host, "/odd/meta//a%2Fb//%2e%2e/%C3%A9", **headers, X_Forwarded_Proto="https").json
    large_body = b"x" * 3_000_000
    connection = http.client.HTTPConnection(host.address, 80, timeout=30)
    chunks = {"Host": "fooproject.se", "Transfer-Encoding": "chunked"}
    parts = iter([b"x" * 100_000] * 20)
    connection.request("POST", "/odd/meta", parts, chunks, encode_chunked=True)
    chunked = connection.getresponse().read()
    connection.close()
    return {
        "meta": {name: meta[name] for name in sorted(meta) if name != "HTTP_X_REAL_IP"},
        "large": [len(meta[f"HTTP_X_LARGE_{number}"]) for number in range(3)],
        "plain": get(host, "/odd/meta").json["secure"],
        "chunked": b'"received": 2000000' in chunked,
        "unread": {post(host, "/odd/unread", large_body).status for _ in range(10)},
        "file": get(host, "/odd/file").body == (b"0123456789" * 1000)[5:],
    }


@pytest.mark.long
@pytest.mark.threat(
    "visitor",
    "reach uWSGI past Nginx, at a port that a variable of the environment would open",
    '`server = "uwsgi"`: what it is started with says its one address, on the loopback',
)
def test_a_site_goes_over_to_uwsgi_and_back_and_loses_no_request(
    host: Host, site: Controller
) -> None:
    by_gunicorn = release_at(host)
    with Visitors(host) as tally:
        planned = site.plan()
        assert site.apply().changed == planned
    assert tally.failed == []
    by_uwsgi = release_at(host)
    assert by_uwsgi != by_gunicorn
    assert (runs(host), site.plan()) == ("uwsgi", [])
    style = re.search(r'"(/static/[^"]+\.css)"', get(host).text)
    assert style
    assert get(host, style[1]).status == 200

    found = answers(host)
    home = "/home/fooproject"
    assert found["meta"]["secure"] is True
    assert found["meta"]["prefix"].startswith(f"{home}/.virtualenvs/.")
    assert found["meta"]["python"] == f"{found['meta']['prefix']}/bin/python"
    assert found["meta"]["file"] == f"{home}/releases/{by_uwsgi}/source/guestbook/api.py"
    assert (found["large"], found["plain"], found["chunked"]) == ([7000] * 3, False, True)
    assert (found["unread"], found["file"]) == ({403}, True)
    assert found["meta"]["asked"] == "/odd/meta//a%2Fb//%2e%2e/%C3%A9"
    assert found["meta"]["path"] == "/odd/meta//a/b//../é"
    listening = host.enter("ss -Hlntu | awk '{print $5}' | sort").stdout.split()
    assert "127.0.0.1:8000" in listening
    assert not any(address.endswith(":9") for address in listening)

    with Visitors(host) as tally:
        site.pyinfra("rollback.py", "-y")
    assert tally.failed == []
    assert (release_at(host), runs(host)) == (by_gunicorn, "gunicorn")
    with Visitors(host) as tally:
        planned = site.plan()
        assert site.apply().changed == planned
    assert tally.failed == []
    assert (release_at(host), runs(host), site.plan()) == (by_uwsgi, "uwsgi", [])


@pytest.mark.long
def test_a_uwsgi_that_was_killed_is_seen_and_mended(host: Host, site: Controller) -> None:
    site.apply()
    release = release_at(host)
    host.enter("supervisorctl stop django")
    [planned] = site.plan()
    assert planned == f"Release | Serve {release}"
    assert site.apply().changed == [planned]
    assert (release_at(host), runs(host), site.plan()) == (release, "uwsgi", [])

    # Its workers do not keep the address from the one that Supervisor starts.
    before = host.enter("supervisorctl pid django").stdout
    host.enter(f"kill -9 {before}")
    gone = f"! test -e /proc/{before.strip()} && supervisorctl status django | grep RUNNING"
    wait_for("another runs", lambda: host.enter(gone, check=False).returncode == 0)
    wait_for("it serves", lambda: release_at(host) == release)
    assert host.enter("supervisorctl pid django").stdout != before
    assert site.plan() == []


@pytest.mark.matrix
def test_releases_of_uwsgi_lose_no_request(host: Host, site: Controller) -> None:
    site.data["bind"] = "unix:/home/fooproject/uwsgi.sock"
    site.data |= {"threads": 4, "workers": 2}
    with Visitors(host) as tally:
        site.apply()
    assert (tally.failed, site.plan()) == ([], [])
    first = release_at(host)
    (site.project() / "new.txt").write_text("new")
    with Visitors(host) as tally:
        site.apply()
    second = release_at(host)
    assert tally.failed == []
    assert set(tally.releases) == {first, second}
    with Visitors(host) as tally:
        site.pyinfra("rollback.py", "-y")
    assert (tally.failed, release_at(host), runs(host)) == ([], first, "uwsgi")

    # One that does not load its app is told, and does not go live.
    (site.project() / "fooproject" / "wsgi.py").write_text("raise RuntimeError('on purpose')\n")
    refused = site.apply(check=False)
    assert "RuntimeError: on purpose" in refused.output
    assert "uWSGI ended with exit code 22" in refused.output
    assert (release_at(host), runs(host)) == (first, "uwsgi")


@pytest.mark.matrix
def test_uwsgi_finishes_its_requests_before_it_ends(host: Host, site: Controller) -> None:
    site.apply()
    answered: list[int] = []

    def visit() -> None:
        answered.append(get(host, "/api/slow?seconds=4").status)

    visitor = threading.Thread(target=visit)
    visitor.start()
    is_under_way = "ss -Hnt state established sport = :8000 | grep -q ."
    wait_for("it is under way", lambda: host.enter(is_under_way, check=False).returncode == 0)
    host.enter("supervisorctl stop django")
    visitor.join(20)
    assert answered == [200]
    host.enter("supervisorctl start django")


@pytest.mark.matrix
def test_processes_that_are_replaced_turn_nobody_away(host: Host, site: Controller) -> None:
    site.data |= {"max_requests": 40, "max_requests_jitter": 10}
    site.data["env"] = {"SECRET_KEY": "any", "UWSGI_MIN_WORKER_LIFETIME": "1"}
    site.apply()

    def workers() -> set[str]:
        main = host.enter("supervisorctl pid django").stdout.strip()
        return set(host.enter(f"pgrep -P {main}").stdout.split())

    before = workers()
    with Visitors(host) as tally:
        wait_for("all are replaced", lambda: not workers() & before, 60)
    assert tally.failed == []


@pytest.mark.matrix
def test_the_app_and_its_visitors_see_no_difference(host: Host, site: Controller) -> None:
    site.apply()
    by_uwsgi, release = answers(host), release_at(host)
    site.data["server"] = "gunicorn"
    # Of uWSGI's nothing means anything to Gunicorn.
    with Visitors(host) as tally:
        site.apply()
    assert tally.failed == []
    by_gunicorn = answers(host)
    for found in (by_uwsgi, by_gunicorn):
        for name in ("prefix", "python", "file"):
            found["meta"][name] = re.sub(
                r"/[^/]+-[0-9a-f]{8}/|/\.[0-9a-f]{12}-", "/", found["meta"][name]
            )
    assert release_at(host) != release
    # Of a body that nobody reads, Gunicorn 27 takes 64 kB before it closes the connection, which at
    # times is reset before Nginx has the answer.
    by_gunicorn["unread"] -= {502}
    assert by_uwsgi == by_gunicorn
