"""What Nginx cannot read, before anything is changed: whose it is, and what is to be done."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pyinfra.api import StringCommand

from stack.facts.refused import RefusedByNginx
from stack.host.observation import Observation
from stack.host.recorded import Project
from stack.project.target import Target
from stack.state.nginx_unreadable import why_unreadable
from tests.unit.hosts import converged, sample_target
from tests.unit.operating import plan

TARGET = sample_target()
HOST = converged(TARGET)
UNREAD = replace(HOST, nginx_changed=50.0)
NGINX = "/etc/nginx/nginx.conf"
FOREIGN = replace(UNREAD, entries={p: e for p, e in HOST.entries.items() if p != NGINX})
SHOP = Project("shop", site="/etc/nginx/sites-available/shop")


def told(seen: Observation, words: str | None) -> str:
    """What a person is told when Nginx says that; without words it may not be asked at all."""
    found: list[str] = []

    def ask(target: Target) -> Iterator[StringCommand]:
        files = [*target.files.nginx, target.files.link, *target.files.site]
        found.append(why_unreadable(target, files))
        yield from ()

    plan(ask, TARGET, seen, {RefusedByNginx: words} if words else {})
    return found[0]


def broken(*paths: str) -> str:
    """Nginx's words about files."""
    return "\n".join(f'unknown directive "x" in {path}:3' for path in paths)


def nowhere(path: str) -> str:
    """Nginx's words about a link."""
    return f'open() "{path}" failed (2: No such file or directory) in {NGINX}:4'


@pytest.mark.parametrize(
    ("path", "how"),
    [
        ("/etc/nginx/mime.types", "; fix it."),
        (NGINX, "; fix it."),
        ("/etc/nginx/modules-enabled/x.conf", "; remove it (rm /etc/nginx/modules-enabled/x.conf)"),
        ("/etc/nginx/snippets/fooproject-maintenance.conf", "; run maintenance.py"),
        ("/etc/nginx/sites-enabled/shop", ", which is the project shop's; fix it."),
    ],
)
def test_what_no_run_of_ours_mends_is_told(path: str, how: str) -> None:
    said = told(replace(UNREAD, projects=(SHOP,)), broken(path))
    assert said.startswith(f"Nginx cannot read {path}{how}")
    assert 'unknown directive "x"' in said


@pytest.mark.parametrize(
    "path",
    [
        TARGET.files.link.path,
        # These are put aside.
        "/etc/nginx/conf.d/nobodys.conf",
        "/etc/nginx/sites-enabled/shop",
    ],
)
def test_what_this_run_mends_or_puts_aside_is_not(path: str) -> None:
    assert told(UNREAD, broken(path)) == ""


def test_an_nginx_conf_that_is_to_be_replaced_is_not_told() -> None:
    assert told(FOREIGN, broken(NGINX)) == ""


def test_a_link_to_nowhere_is_told_and_not_who_includes_it() -> None:
    path = "/etc/nginx/sites-enabled/gone"
    assert told(UNREAD, nowhere(path)).startswith(f"Nginx cannot read {path}; remove it (rm {path}")
    # Ours is put in place.
    assert told(UNREAD, nowhere(TARGET.files.link.path)) == ""


def test_all_that_is_put_aside_is_named(caplog: pytest.LogCaptureFixture) -> None:
    paths = ("/etc/nginx/conf.d/a.conf", "/etc/nginx/sites-enabled/b")
    down = replace(UNREAD, units={**HOST.units, "nginx": replace(HOST.units["nginx"], active="x")})
    for seen in (UNREAD, down):
        caplog.clear()
        with caplog.at_level("INFO"):
            assert told(seen, broken(TARGET.files.link.path, *paths)) == ""
        assert f"Will be put aside: {'; '.join(paths)}, which Nginx cannot read" in caplog.text


def test_nothing_is_put_aside_where_that_is_not_enough(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        said = told(UNREAD, broken("/etc/nginx/conf.d/a.conf", "/etc/nginx/mime.types"))
    assert said.startswith("Nginx cannot read /etc/nginx/mime.types")
    assert "Will be put aside" not in caplog.text


def test_nginx_is_not_asked_where_it_has_nothing_to_read() -> None:
    assert told(HOST, None) == ""
