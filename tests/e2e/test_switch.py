"""A release takes over without losing a request."""

import re

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get, release_at
from tests.e2e.load import Visitors
from tests.lab import Host

pytestmark = pytest.mark.e2e


def new_code(site: Controller, text: str = "") -> None:
    """Change the project's code, so that its next release is another."""
    urls = site.project() / "fooproject" / "urls.py"
    urls.write_text(urls.read_text() + f"\n# {text or 'changed'}\n")


def change_code(site: Controller) -> None:
    new_code(site)


def change_environment(site: Controller) -> None:
    site.data["env"] = {"SECRET_KEY": "another secret", "TEST_COLOUR": "blue"}


def change_workers(site: Controller) -> None:
    site.data |= {"workers": 2, "timeout_seconds": 30}


def change_bind(site: Controller) -> None:
    site.data["bind"] = "127.0.0.1:8123"


def change_nginx(site: Controller) -> None:
    site.data["client_max_body_size"] = "40M"


CHANGES = [change_code, change_environment, change_workers, change_bind, change_nginx]


@pytest.mark.parametrize("change", CHANGES)
def test_no_request_is_lost_while_something_changes(
    web: Host, site: Controller, change: object
) -> None:
    assert callable(change)
    change(site)
    planned = site.plan()
    assert planned
    with Visitors(web) as tally:
        changed = site.apply().changed
    print(f"{change}: {tally}")
    assert tally.failed == []
    assert changed == planned
    assert site.plan() == []
    stored = web.enter(
        "runuser -u fooproject -- /home/fooproject/fooproject/manage shell -c "
        "'from guestbook.models import Entry; print(Entry.objects.count())'"
    ).stdout.split()[-1]
    assert int(stored) == len(tally.tokens)


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


def test_pages_of_the_release_before_still_find_their_files(web: Host, site: Controller) -> None:
    page = get(web).text
    style = re.findall(r'href="(/static/guestbook/style[^"]*)"', page)[0]
    source = site.project() / "guestbook" / "static" / "guestbook" / "style.css"
    source.write_text(source.read_text() + "\n/* another */\n")
    site.apply()
    assert re.findall(r'href="(/static/guestbook/style[^"]*)"', get(web).text)[0] != style
    assert get(web, style).status == 200
