"""Three projects, one with a Celery worker and its beat, on a server with 2 GB of memory."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get, wait_for
from tests.e2e.load import LOAD, Visitors
from tests.e2e.test_programs import CELERY
from tests.e2e.test_sites import at_once
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.matrix]

MEMORY = 2 * 2**30
PSS = "cat /proc/[0-9]*/smaps_rollup 2>/dev/null | awk '/^Pss:/ { sum += $2 } END { print sum }'"
PROJECTS = ("one", "two", "three")


@pytest.fixture
def small(lab: Lab) -> Iterator[Host]:
    """A host with so much memory, and no swap."""
    host = lab.host("small")
    host.limit_memory(MEMORY)
    yield host
    host.power_off()


def megabytes(host: Host) -> int:
    """What all of its processes take, each page of memory counted once."""
    return int(host.enter(PSS).stdout) // 1024


def controllers(lab: Lab, host: Host, folder: Path) -> Iterator[Controller]:
    for number, name in enumerate(PROJECTS):
        (folder / name).mkdir()
        site = Controller(folder / name, lab, [host])
        project = site.project()
        site.data |= {
            "project": name,
            "wsgi": "fooproject.wsgi",
            "program": name,
            "server_name": f"{name}.example",
            "bind": f"127.0.0.1:{8000 + number}",
            "default_server": number == 0,
            "env": {"SECRET_KEY": "any", "ALLOWED_HOSTS": f"{name}.example"},
        }
        if number == 0:
            (project / "fooproject" / "celery.py").write_text(CELERY)
            with (project / "requirements.txt").open("a") as requirements:
                requirements.write("celery\n")
            site.data["programs"] = {
                "worker": "celery -A fooproject.celery worker -c 2",
                "beat": "celery -A fooproject.celery beat -s /tmp/beat",
            }
        yield site


def test_three_projects_have_room_in_2_gb_also_while_all_are_released(
    small: Host, lab: Lab, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    sites = list(controllers(lab, small, tmp_path))
    for site in sites:
        site.apply()
    names = [f"{name}.example" for name in PROJECTS]
    for name in names:
        wait_for(f"{name} is up", lambda name=name: get(small, "/health", Host=name).status == 200)  # type: ignore[misc]
    at_rest, taken = megabytes(small), [0]
    for site in sites:
        (site.project() / "note.txt").write_text("another release")
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(0.5):
            taken.append(megabytes(small))

    watching = threading.Thread(target=watch)
    watching.start()
    with ExitStack() as visits:
        tallies = [visits.enter_context(Visitors(small, name=name)) for name in names]
        runs = at_once(*(site.apply for site in sites))
    ended.set()
    watching.join()
    assert [run.returncode for run in runs] == [0, 0, 0]
    assert [tally.failed for tally in tallies] == [[], [], []]
    assert [site.plan() for site in sites] == [[], [], []]
    told = f"{at_rest} MB at rest, {max(taken)} MB at most while all three were released"
    request.node.user_properties.append((LOAD, f"three projects on 2 GB: {told}"))
