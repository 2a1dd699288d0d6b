"""A release takes over without losing a request."""

import http.client
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress

import pytest

from stack.onhost.switch.visitors import DRAIN_SECONDS
from tests.e2e.controller import Controller
from tests.e2e.download import Download
from tests.e2e.http import get, release_at, wait_for
from tests.e2e.load import LOAD, Kind, Visit, Visitors, slow
from tests.e2e.matrix import Record
from tests.lab import Host

pytestmark = pytest.mark.e2e

HOME = "/home/fooproject"
FAILS_AS_WEB = (
    'import os\nassert os.environ.get("SUPERVISOR_PROCESS_NAME") != "web", "not as web"\n'
)
"""In wsgi.py: no understudy minds, and nothing does but the program of that name."""


def new_code(site: Controller, text: str = "") -> None:
    """Change the project's code, so that its next release is another."""
    urls = site.project() / "fooproject" / "urls.py"
    urls.write_text(urls.read_text() + f"\n# {text or 'changed'}\n")


def change_code(site: Controller) -> None:
    new_code(site)


def change_environment(site: Controller) -> None:
    site.data["env"] = {"SECRET_KEY": "another secret", "TEST_COLOUR": "blue"}


def change_requirements(site: Controller) -> None:
    with (site.project() / "requirements.txt").open("a") as file:
        file.write("idna<3.7\n")


def change_interpreter(site: Controller) -> None:
    """Another Python: the same under another name, which is all that tells two apart."""
    site.hosts[0].enter(f"cp $(readlink -f /usr/bin/python3) {OTHER_PYTHON}")
    site.data["python"] = OTHER_PYTHON


def change_workers(site: Controller) -> None:
    site.data |= {"workers": 2, "timeout_seconds": 30}


def change_bind(site: Controller) -> None:
    site.data["bind"] = "127.0.0.1:8123"


def change_program(site: Controller) -> None:
    site.data["program"] = "web"


def change_body_size(site: Controller) -> None:
    site.data["client_max_body_size"] = "40M"


def change_server_name(site: Controller) -> None:
    site.data["server_name"] = ["fooproject.se", "www.fooproject.se"]


def change_nginx_timeout(site: Controller) -> None:
    site.data["timeout_seconds"] = 90


OTHER_PYTHON = "/usr/local/bin/another-python"
SOCKET = f"unix:{HOME}/gunicorn.sock"
USUAL = [change_code, change_bind, change_requirements]
RARE = [
    change_program,
    change_environment,
    change_workers,
    change_interpreter,
    change_body_size,
    change_server_name,
    change_nginx_timeout,
]
CHANGES = [*USUAL, *(pytest.param(change, marks=pytest.mark.matrix) for change in RARE)]


@contextmanager
def nothing_lost(case: str, web: Host, record: Record, *more: Kind) -> Iterator[None]:
    """Visitors come during the block: each is answered, and what he wrote is kept."""
    before = entries(web)
    with Visitors(web, *more) as tally:
        yield
    record(LOAD, f"{case}: {tally}")
    assert tally.failed == []
    assert sorted(entries(web) - before) == sorted(tally.tokens)


def entries(web: Host) -> Counter[str]:
    """The tokens in the database."""
    script = "from guestbook.models import Entry; print(*Entry.objects.values_list('token'))"
    told = web.enter(f'{HOME}/fooproject/manage shell -c "{script}"', user="fooproject").stdout
    return Counter(re.findall(r"\('(.*?)',\)", told))


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_no_request_is_lost_while_something_changes(
    web: Host, site: Controller, change: Callable[[Controller], None], record_property: Record
) -> None:
    before = virtualenv(web)
    change(site)
    planned = site.plan()
    assert planned
    with nothing_lost(change.__name__, web, record_property):
        changed = site.apply().changed
    assert changed == planned
    assert site.plan() == []
    assert (virtualenv(web) != before) == (change in (change_requirements, change_interpreter))
    if change is change_interpreter:
        python = web.enter(f"readlink -f {HOME}/fooproject/virtualenv/bin/python").stdout
        assert python == f"{OTHER_PYTHON}\n"


def virtualenv(web: Host) -> str:
    return web.enter(f"readlink -f {HOME}/fooproject/virtualenv").stdout


@pytest.mark.matrix
def test_three_releases_in_a_row_and_back_lose_no_request(
    web: Host, site: Controller, record_property: Record
) -> None:
    served = [release_at(web)]
    with nothing_lost("three releases and a rollback", web, record_property):
        for change in (change_code, change_requirements, change_code):
            change(site)
            site.apply()
            served.append(release_at(web))
        # Back over the release whose virtualenv is the live one's, to another virtualenv.
        site.pyinfra("rollback.py", "-y", "--data", f"release={served[1]}")
    assert len(set(served)) == 4
    assert release_at(web) == served[1]


@pytest.mark.matrix
def test_no_request_is_lost_where_gunicorn_listens_on_a_socket(
    web: Host, site: Controller, record_property: Record
) -> None:
    def listens_on_tcp() -> bool:
        return web.enter("ss -Hlnt sport = :8000").stdout != ""

    site.data["bind"] = SOCKET
    with nothing_lost("from TCP to a socket", web, record_property):
        site.apply()
    assert not listens_on_tcp()
    new_code(site)
    with nothing_lost("a release on a socket", web, record_property):
        site.apply()
    del site.data["bind"]
    with nothing_lost("from a socket to TCP", web, record_property):
        site.apply()
    assert listens_on_tcp()
    assert site.plan() == []


def test_no_request_is_lost_where_all_workers_are_busy(
    web: Host, site: Controller, record_property: Record
) -> None:
    new_code(site)
    site.data["workers"] = 1
    # Gunicorn has three workers before the switch and one after it, the understudy has one.
    with nothing_lost(
        "one worker, eight slow requests at a time", web, record_property, *[slow] * 7
    ):
        site.apply()
    assert site.plan() == []


ENDS_ITS_WORKER = """
import os
urlpatterns += [path("end-worker", lambda request: os._exit(1))]
"""


def end_worker(visit: Visit) -> None:
    """What an extension that crashes does, or a view that takes too much memory."""
    with suppress(OSError, http.client.HTTPException, AssertionError):
        visit.request("GET", "/end-worker")
    visit.close()
    # Of workers that end faster than others boot none is left to answer anybody.
    time.sleep(0.2)


@pytest.mark.long
def test_a_request_that_ends_its_worker_takes_nothing_from_other_visitors(
    web: Host, site: Controller, record_property: Record
) -> None:
    urls = site.project() / "fooproject" / "urls.py"
    urls.write_text(urls.read_text() + ENDS_ITS_WORKER)
    with nothing_lost("workers that end meanwhile", web, record_property, end_worker):
        site.apply()
    assert site.plan() == []


@pytest.mark.matrix
def test_the_understudy_leaves_the_pid_file_of_the_live_gunicorn_alone(
    web: Host, site: Controller
) -> None:
    path = f"{HOME}/shared/data/gunicorn.pid"
    (site.project() / "gunicorn.conf.py").write_text(f"pidfile = {path!r}\n")
    for number in (1, 2):
        new_code(site, f"{number}")
        site.apply()
        assert web.enter(f"cat {path}").stdout == web.enter("supervisorctl pid django").stdout
    assert site.plan() == []


def upload_slowly(web: Host, until: threading.Event) -> tuple[int, int]:
    """Send an upload, a byte at a time, until it is time to send the rest; how it was answered."""
    size = 1_000_000
    connection = http.client.HTTPConnection(web.address, timeout=60)
    connection.putrequest("POST", "/api/upload", skip_host=True)
    connection.putheader("Host", "fooproject.se")
    connection.putheader("Content-Length", str(size))
    connection.endheaders()
    sent = 0
    while not until.wait(0.2):
        connection.send(b"x")
        sent += 1
    connection.send(b"x" * (size - sent))
    answer = connection.getresponse()
    return answer.status, json.loads(answer.read())["length"] - size


@pytest.mark.matrix
def test_downloads_and_uploads_that_outlast_the_switch_are_not_cut_and_hold_it_up_once(
    web: Host, site: Controller, record_property: Record
) -> None:
    new_code(site)
    ended = threading.Event()
    with Download(web) as download, ThreadPoolExecutor() as visitors:
        upload = visitors.submit(upload_slowly, web, ended)
        wait_for("the download's start", lambda: download.is_under_way)
        try:
            with nothing_lost("a download that outlasts the switch", web, record_property):
                site.apply()
        finally:
            ended.set()
        assert download.is_under_way
        assert upload.result() == (200, 0)
    assert download.is_whole, f"{download.trouble} after {download.received} bytes"
    seconds = json.loads(web.enter("tail -n 1 /var/log/fooproject/releases.log").stdout)["seconds"]
    record_property(LOAD, f"a download that outlasts the switch: the switch took {seconds} s")
    assert DRAIN_SECONDS <= seconds < 2 * DRAIN_SECONDS
    assert site.plan() == []


@pytest.mark.matrix
def test_a_request_may_take_as_long_as_the_settings_that_it_began_with_say(
    web: Host, site: Controller, record_property: Record
) -> None:
    api = site.project() / "guestbook" / "api.py"
    api.write_text(api.read_text().replace("MAX_SECONDS = 10.0", "MAX_SECONDS = 150.0"))
    site.data["timeout_seconds"] = 150
    site.apply()
    site.data["timeout_seconds"] = 30
    # Longer than the usual drain, and what Gunicorn then grants to a request of its own.
    long = f"/api/slow?seconds={DRAIN_SECONDS + 60}"
    with (
        nothing_lost("a request of two minutes", web, record_property),
        ThreadPoolExecutor() as visitors,
    ):
        visitor = visitors.submit(get, web, long, 200)
        site.apply()
        assert visitor.result().status == 200
    assert site.plan() == []


def test_a_release_that_does_not_start_gets_no_visitor(web: Host, site: Controller) -> None:
    before = release_at(web)
    new_code(site, "\nraise RuntimeError('broken on purpose')")
    (site.project() / "fooproject" / "urls.py").write_text("raise RuntimeError('on purpose')\n")
    with Visitors(web) as tally:
        run = site.apply(check=False)
    assert run.returncode != 0
    assert "on purpose" in run.output
    assert tally.failed == []
    assert tally.releases == [before]
    assert get(web).status == 200


@pytest.mark.long
def test_commands_follow_each_switch_that_was_made_and_none_that_failed(
    web: Host, site: Controller
) -> None:
    wsgi = site.project() / "fooproject" / "wsgi.py"
    wsgi.write_text(FAILS_AS_WEB + wsgi.read_text())
    site.data["commands"] = {"after_switch": ["echo ran >> data/said"]}
    site.apply()
    said = "cat /home/fooproject/shared/data/said"
    assert web.enter(said).stdout.split() == ["ran"]
    own = dict(site.data)
    # The same release, refused before any visitor had it, and once all of them had.
    for wrong in ({"bind": "unix:/srv/none/app.sock"}, {"program": "web"}):
        site.data = own | wrong
        assert site.apply(check=False).returncode
        site.data = dict(own)
        assert [one for one in site.plan() if "Run after_switch of" in one] == []
        site.apply()
        assert site.plan() == []
        assert web.enter(said).stdout.split() == ["ran"]
    site.data["workers"] = 2
    site.apply()
    assert web.enter(said).stdout.split() == ["ran", "ran"]


def test_pages_of_the_release_before_still_find_their_files(web: Host, site: Controller) -> None:
    page = get(web).text
    style = re.findall(r'href="(/static/guestbook/style[^"]*)"', page)[0]
    source = site.project() / "guestbook" / "static" / "guestbook" / "style.css"
    source.write_text(source.read_text() + "\n/* another */\n")
    site.apply()
    assert re.findall(r'href="(/static/guestbook/style[^"]*)"', get(web).text)[0] != style
    assert get(web, style).status == 200


LISTENS_LATE = """\
import socket, time

class Late(socket.socket):
    def listen(self, *words):
        time.sleep(0.5)
        super().listen(*words)

socket.socket = Late
"""
"""A configuration of Gunicorn's: between a socket and its listening lies what is else a moment."""


@pytest.mark.long
def test_a_release_that_has_its_socket_before_it_listens_is_waited_for(
    web: Host, site: Controller
) -> None:
    (site.project() / "gunicorn.conf.py").write_text(LISTENS_LATE)
    with Visitors(web) as tally:
        site.apply()
    assert tally.failed == []
    assert site.plan() == []


@pytest.mark.long
def test_a_program_that_does_not_run_under_its_new_name_goes_back_to_the_former_one(
    web: Host, site: Controller, record_property: Record
) -> None:
    live = release_at(web)
    wsgi = site.project() / "fooproject" / "wsgi.py"
    good = wsgi.read_text()
    wsgi.write_text(FAILS_AS_WEB + good)
    site.data["program"] = "web"
    with nothing_lost("another name that fails", web, record_property):
        told = site.apply(check=False)
    assert "not as web" in told.output
    assert release_at(web) == live
    assert programs(web) == ["django"]
    wsgi.write_text(good + "# mended\n")
    site.apply()
    assert programs(web) == ["web"]
    assert site.plan() == []


def programs(web: Host) -> list[str]:
    """What supervisord knows of."""
    return [line.split()[0] for line in web.enter("supervisorctl status").stdout.splitlines()]
