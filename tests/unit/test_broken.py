"""What Nginx cannot read, before anything is changed: whose it is, and what is to be done."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pyinfra.api import StringCommand

from stack.facts.refused import RefusedByNginx
from stack.host.observation import Observation
from stack.host.recorded import Project
from stack.project.target import Target
from stack.state.broken import why_unreadable
from tests.unit.hosts import converged, sample_target
from tests.unit.operating import plan

TARGET = sample_target()
HOST = converged(TARGET)
UNREAD = replace(HOST, nginx_changed=50.0)
SHOP = Project("shop", site="/etc/nginx/sites-available/shop")


def told(seen: Observation, path: str | None) -> str:
    """What a person is told when Nginx names a file; without one it may not be asked at all."""
    found: list[str] = []

    def ask(target: Target) -> Iterator[StringCommand]:
        files = [*target.files.nginx, target.files.link, *target.files.site]
        found.append(why_unreadable(target, files))
        yield from ()

    facts = {RefusedByNginx: f'[emerg] unknown directive "x" in {path}:3\nfailed'} if path else {}
    plan(ask, TARGET, seen, facts)
    return found[0]


@pytest.mark.parametrize(
    ("path", "how"),
    [
        ("/etc/nginx/mime.types", "; fix it."),
        ("/etc/nginx/snippets/fooproject-maintenance.conf", "; run maintenance.py"),
        ("/etc/nginx/sites-enabled/shop", ", which is the project shop's; fix it."),
    ],
)
def test_what_no_run_of_ours_mends_is_told(path: str, how: str) -> None:
    said = told(replace(UNREAD, projects=(SHOP,)), path)
    assert said.startswith(f"Nginx cannot read {path}{how}")
    assert 'unknown directive "x"' in said


@pytest.mark.parametrize(
    "path",
    [
        TARGET.files.link.path,
        "/etc/nginx/nginx.conf",
        # These are put aside.
        "/etc/nginx/conf.d/nobodys.conf",
        "/etc/nginx/sites-enabled/shop",
    ],
)
def test_what_this_run_mends_or_puts_aside_is_not(path: str) -> None:
    assert told(UNREAD, path) == ""


def test_nginx_is_not_asked_where_it_has_nothing_to_read() -> None:
    assert told(HOST, None) == ""
