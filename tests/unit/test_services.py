"""Whether what runs is what is on disk."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from stack.host.files import File
from stack.host.observation import Observation, Process
from stack.state.services import (
    OPEN,
    SOCKET,
    nginx_is_loaded,
    outlasts,
    socket_is,
    supervisor_is_loaded,
    supervisor_trouble,
)
from tests.unit.hosts import (
    NGINX,
    WORKER,
    converged,
    sample_target,
    with_entry,
    with_process,
    with_unit,
    without,
)

Change = Callable[[Observation], Observation]

TARGET = sample_target()
FILES = [*TARGET.files.nginx, TARGET.files.link, *TARGET.files.site]
SITE = "/etc/nginx/sites-available/default"
CONF = "/etc/nginx/nginx.conf"
SUPERVISORD = "/etc/supervisor/supervisord.conf"


def unit(name: str, change: dict[str, Any]) -> Change:
    return lambda seen: with_unit(seen, name, **change)


def stopping(seen: Observation) -> Observation:
    """An old worker finishes a request, long after the reload."""
    old = Process(9, NGINX, "www-data", 0.5, ("nginx: worker process is shutting down",))
    return replace(seen, processes=(old, *seen.processes))


def helpers(seen: Observation) -> Observation:
    others = (
        Process(8, NGINX, "www-data", 0.5, ("nginx: cache manager process",)),
        Process(7, 1, "root", 0.5, ()),
    )
    return replace(seen, processes=(*others, *seen.processes))


UNITS_THAT_DO_NOT_RUN: list[dict[str, Any]] = [
    {"active": "inactive", "pid": 0},
    {"active": "failed", "pid": 0},
    {"enabled": "disabled"},
    {"enabled": "masked"},
    {"loaded": "not-found", "active": "inactive", "enabled": "", "pid": 0},
]


# Nginx


@pytest.mark.parametrize("change", [lambda seen: seen, stopping, helpers])
def test_nginx_that_read_its_files_is_loaded(change: Change) -> None:
    assert nginx_is_loaded(change(converged(TARGET)), FILES)


STRAY = {"/etc/nginx/conf.d/x.conf": "server { listen 80 default_server; }"}
NGINX_IS_NOT_LOADED: dict[str, Change] = {
    **{str(change): unit("nginx", change) for change in UNITS_THAT_DO_NOT_RUN},
    "no unit": lambda seen: replace(seen, units={}),
    "no workers": lambda seen: replace(seen, processes=()),
    "a file changed since": lambda seen: replace(seen, nginx_changed=5.0),
    "one worker is older than the change": lambda seen: with_process(
        replace(seen, nginx_changed=3.0), WORKER, started=2.0
    ),
    # A worker that was killed comes back young, with what its master read.
    "all workers are younger, the master is not": lambda seen: with_process(
        replace(seen, nginx_changed=6.0), WORKER, started=7.0
    ),
    "a file is not as declared": lambda seen: with_entry(seen, CONF, sha256="0"),
    "a file is gone": lambda seen: without(seen, CONF),
    "the site is off": lambda seen: without(seen, "/etc/nginx/sites-enabled/default"),
    "the pid file is empty": lambda seen: replace(seen, nginx_pid=""),
    "the pid file names another process": lambda seen: replace(seen, nginx_pid="1"),
    "a file is to be put aside": lambda seen: replace(seen, nginx_files=STRAY),
}


@pytest.mark.parametrize("change", NGINX_IS_NOT_LOADED.values(), ids=NGINX_IS_NOT_LOADED)
def test_nginx_is_to_be_loaded(change: Change) -> None:
    assert not nginx_is_loaded(change(converged(TARGET)), FILES)


def test_a_reload_that_is_planned_already_makes_another_one_needless() -> None:
    changed = replace(converged(TARGET), nginx_changed=5.0)
    assert nginx_is_loaded(changed, FILES, reloads=True)
    early, late = replace(without(changed, CONF), nginx_files=STRAY), TARGET.files.site
    assert nginx_is_loaded(early, late, reloads=True)
    assert not nginx_is_loaded(without(changed, SITE), late, reloads=True)
    assert not nginx_is_loaded(with_unit(changed, "nginx", active="failed"), late, reloads=True)


def test_systemd_that_reads_its_files_earlier_in_a_plan_is_no_reason_to_load_nginx() -> None:
    stale = with_unit(converged(TARGET), "nginx", is_stale=True)
    assert not nginx_is_loaded(stale, FILES)
    assert nginx_is_loaded(stale, FILES, rereads=True)


def test_a_page_that_nginx_opens_when_it_is_asked_is_nothing_to_load() -> None:
    page = File("/var/lib/fooproject-pages/unavailable.html", "It will be back")
    assert nginx_is_loaded(converged(TARGET), [*FILES, page])
    assert not nginx_is_loaded(converged(TARGET), [*FILES, replace(page, path="/etc/nginx/page")])


# Supervisor


def test_supervisord_that_read_its_file_is_loaded() -> None:
    assert supervisor_is_loaded(converged(TARGET), TARGET)


SUPERVISOR_IS_NOT_LOADED: dict[str, Change] = {
    **{str(change): unit("supervisor", change) for change in UNITS_THAT_DO_NOT_RUN},
    "no unit": lambda seen: replace(seen, units={}),
    "no socket": lambda seen: without(seen, SOCKET),
    "its file changed since": lambda seen: with_entry(seen, SUPERVISORD, changed=5.0),
    "its file is not as declared": lambda seen: with_entry(seen, SUPERVISORD, sha256="0"),
    "its file is another's": lambda seen: with_entry(seen, SUPERVISORD, owner="fooproject"),
    "its file is gone": lambda seen: without(seen, SUPERVISORD),
}


@pytest.mark.parametrize("change", SUPERVISOR_IS_NOT_LOADED.values(), ids=SUPERVISOR_IS_NOT_LOADED)
def test_supervisord_is_to_be_loaded(change: Change) -> None:
    assert not supervisor_is_loaded(change(converged(TARGET)), TARGET)


def test_a_supervisord_that_answers_nobody_is_told_with_the_way_out() -> None:
    seen = converged(TARGET)
    assert supervisor_trouble(seen) == supervisor_trouble(seen, answers=True) == ""
    assert "systemctl restart supervisor" in supervisor_trouble(seen, answers=False)
    stopped = replace(seen, supervisor_is_stopped=True)
    assert "kill -CONT 20 " in supervisor_trouble(stopped, answers=False)
    gone = with_unit(seen, "supervisor", active="inactive")
    assert supervisor_trouble(gone, answers=False) == "supervisord does not run"


def test_supervisord_has_nothing_to_do_with_other_files() -> None:
    changed = with_entry(converged(TARGET), CONF, sha256="0", changed=50.0)
    program = TARGET.files.program.path
    assert supervisor_is_loaded(with_entry(changed, program, changed=50.0), TARGET)


@pytest.mark.parametrize(
    ("change", "is_open"),
    [
        ({}, True),
        ({"mode": "700"}, False),
        ({"owner": "root"}, False),
        ({"group": "root"}, False),
    ],
)
def test_the_socket_is_open_as_the_article_has_it(change: dict[str, str], is_open: bool) -> None:
    assert socket_is(with_entry(converged(TARGET), SOCKET, **change), OPEN) == is_open


def test_where_there_is_no_socket_there_is_none_to_open() -> None:
    assert socket_is(Observation(), OPEN)


# What systemd makes of both


@pytest.mark.parametrize(
    "change",
    [
        {"drop_ins": ()},
        {"is_stale": True},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["nginx", "supervisor"])
def test_systemd_has_to_read_what_keeps_a_service_up(name: str, change: dict[str, Any]) -> None:
    seen = converged(TARGET)
    assert outlasts(seen, TARGET)
    assert not outlasts(with_unit(seen, name, **change), TARGET)


@pytest.mark.parametrize(
    "change",
    [
        {"loaded": "masked", "is_stale": True},
        {"loaded": "not-found", "drop_ins": ()},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["nginx", "supervisor"])
def test_of_a_unit_that_is_masked_or_gone_systemd_reads_nothing(
    name: str, change: dict[str, Any]
) -> None:
    """It will, when the unit is there again."""
    seen = with_unit(converged(TARGET), name, **change)
    assert outlasts(seen, TARGET)
    path = TARGET.files.outlasting[name].path
    assert not outlasts(without(seen, path), TARGET)
