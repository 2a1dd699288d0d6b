"""A closed site, whichever hosts visitors come to: which close too, and which open."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from stack.facts.site_word import CLOSED, NEW, OPEN, TELL_WORD, UNTOLD
from stack.host.files import Declared, File
from stack.host.observation import Observation
from stack.host.recorded import Project
from stack.inventory.roles import DB, LB
from stack.project.nginx_files import ENABLED, SITE
from stack.project.target import Target
from stack.run import site_words
from stack.settings.front import Front
from stack.state.maintenance import becomes_public, is_closed, is_unread, runs_nginx
from tests.unit.hosts import converged, entries_of, sample_target, with_entry, with_unit
from tests.unit.operating import NAME, only_host

ALONE = sample_target()
FRONT = Front(ALONE.settings, ("10.0.0.1",), ("10.0.0.5",))
BEHIND = replace(ALONE, front=FRONT)
BALANCER = replace(ALONE, roles=frozenset({LB}), release=None, front=FRONT)
FORMER = replace(ALONE, roles=frozenset({DB}), release=None)
RECORDED = (Project("fooproject", site=SITE),)


def serving(seen: Observation, files: list[Declared]) -> Observation:
    [text] = [file.content for file in files if isinstance(file, File) and file.path == SITE]
    return replace(seen, projects=RECORDED, nginx_files={ENABLED: text})


SERVED = serving(converged(ALONE), ALONE.files.site)
FRONTED = serving(converged(BEHIND), BEHIND.files.site)
BALANCED = serving(converged(ALONE), BALANCER.files.balancer)
BARE = Observation()


def having(seen: Observation, target: Target, closed: bool, changed: float = 1.0) -> Observation:
    files = ALONE.files.maintenance if closed else target.files.no_maintenance
    return replace(seen, entries={**seen.entries, **entries_of(files, changed)})


def test_visitors_come_anew_to_a_host_without_a_site_or_with_one_behind_balancers() -> None:
    assert becomes_public(BARE, ALONE)
    assert becomes_public(BARE, BALANCER)
    assert becomes_public(FRONTED, ALONE)
    assert not becomes_public(SERVED, ALONE)
    assert not becomes_public(SERVED, BALANCER)
    assert not becomes_public(BALANCED, BALANCER)
    assert not becomes_public(BARE, BEHIND)
    # It goes to a file of its own.
    assert not becomes_public(SERVED, sample_target(default_server=False))


def test_visitors_come_anew_where_a_deployment_has_not_come_as_far_as_the_site() -> None:
    begun = replace(BARE, projects=RECORDED)
    assert becomes_public(begun, ALONE)
    welcome = {ENABLED: "server { listen 80 default_server; root /var/www/html; }"}
    assert becomes_public(replace(begun, nginx_files=welcome), ALONE)
    # The file is there, and Nginx serves another one.
    [text] = SERVED.nginx_files.values()
    assert becomes_public(replace(begun, nginx_files={**welcome, SITE: text}), ALONE)


def test_a_page_is_known_wherever_it_is_and_by_its_text_alone() -> None:
    for target in (ALONE, BEHIND, FORMER):
        path = target.files.opened.path
        assert is_closed(having(SERVED, target, closed=True), target)
        opened = having(SERVED, target, closed=False)
        assert not is_closed(opened, target)
        assert not is_closed(with_entry(opened, path, mode="600"), target)


def test_nginx_reads_it_also_where_it_is_left_from_a_former_role() -> None:
    stopped = with_unit(SERVED, "nginx", active="inactive")
    assert runs_nginx(SERVED, FORMER)
    assert not runs_nginx(stopped, FORMER)
    assert runs_nginx(stopped, ALONE)
    late = having(SERVED, FORMER, closed=False, changed=5.0)
    assert is_unread(late, FORMER)
    assert not is_unread(having(SERVED, FORMER, closed=False), FORMER)
    # There the site's own task sees to it.
    assert not is_unread(late, BEHIND)


Asked = Callable[[Target, Observation, dict[str, str]], tuple[bool, bool, list[str]]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Whether a host stays closed, and opens behind others, with what the others say."""

    def ask(
        target: Target, seen: Observation, words: dict[str, str]
    ) -> tuple[bool, bool, list[str]]:
        told: list[str] = []
        public = [one for one in words if one.startswith("public")]
        monkeypatch.setattr(site_words, "observe", lambda _: seen)
        told_by_all = site_words.summed_up(words, public)
        monkeypatch.setattr(site_words, "_told", lambda _: told_by_all)
        with only_host() as host:
            monkeypatch.setattr(host, "log", told.append)
            return site_words.stays_closed(target), site_words.opens_behind(target), told

    return ask


def test_a_host_to_which_visitors_come_anew_is_closed_where_another_is(asked: Asked) -> None:
    others = {"a": OPEN, "b": CLOSED}
    assert asked(BALANCER, BARE, others) == (True, False, [])
    assert asked(ALONE, FRONTED, others) == (True, False, [])
    # One that was opened alone stays open, and one that is closed has it.
    assert asked(ALONE, SERVED, others) == (False, False, [])
    assert asked(ALONE, having(FRONTED, ALONE, closed=True), others) == (False, False, [])
    assert asked(ALONE, BARE, {"a": OPEN, "b": NEW, "c": UNTOLD}) == (False, False, [])


def test_what_was_not_read_is_told(asked: Asked) -> None:
    _, _, [told] = asked(BALANCER, BARE, {"web2": "", "web3": OPEN})
    assert f"{NAME} will serve the site to visitors. Should it be closed on web2, which" in told
    _, _, [told] = asked(ALONE, FRONTED, {"web2": NEW})
    assert "on the balancers that it was behind, which this inventory does not have, close" in told
    assert asked(ALONE, FRONTED, {"web2": OPEN}) == (False, False, [])


def test_a_host_where_visitors_come_no_more_opens_once_it_is_known_elsewhere(asked: Asked) -> None:
    closed = having(FRONTED, BEHIND, closed=True)
    for word in (CLOSED, OPEN, NEW):
        assert asked(BEHIND, closed, {"public": word, "web2": ""}) == (False, True, [])
    for word in (UNTOLD, ""):
        stays, opens, [told] = asked(BEHIND, closed, {"public": word})
        assert (stays, opens) == (False, False)
        assert f"{NAME} stays closed, where no visitor comes any more: public may send" in told
    assert asked(BEHIND, FRONTED, {"public": CLOSED}) == (False, False, [])


@pytest.mark.parametrize(
    ("files", "word"),
    [
        ({}, NEW),
        ({"enabled/default": "root /var/www/html;"}, NEW),
        ({"enabled/default": "root /;", "enabled/shop": "include /a/snippet.con[f];"}, UNTOLD),
        ({"enabled/default": "include /a/snippet.con[f];", "behind.conf": ""}, NEW),
        ({"enabled/default": "include /a/snippet.con[f];", "snippet": "# Open.\n"}, OPEN),
        ({"snippet": "return 503;\n", "behind.conf": ""}, CLOSED),
    ],
)
def test_a_host_tells_whether_it_is_closed(
    tmp_path: Path, files: dict[str, str], word: str
) -> None:
    (tmp_path / "enabled").mkdir()
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    snippet, enabled, behind = (str(tmp_path / n) for n in ("snippet", "enabled", "behind.conf"))
    words = [snippet, "# Open.\n", "/a/snippet.con", enabled, behind]
    command = ["sh", "-euc", TELL_WORD, "sh", *words]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert told == f"{word}\n"
