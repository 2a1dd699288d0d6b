"""Whatever has drifted is planned, nothing else is, and one run puts it right."""

import re
from collections.abc import Callable, Iterator

import pytest

from tests.e2e.acme import Authority
from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.drifts import DRIFTS, PRELUDE, Drift, kind_of
from tests.e2e.fingerprint import KEPT_ASIDE, Fingerprint, difference, fingerprint
from tests.e2e.http import Secure, get, wait_for
from tests.e2e.load import polled
from tests.e2e.matrix import CLOSED_DRIFT, DRIFT, MORE_DRIFT, Record, sample
from tests.e2e.more_drifts import (
    CLOSED_DRIFTS,
    LONG_NAME,
    MORE_DRIFTS,
    SETTINGS,
    more_kind_of,
)
from tests.e2e.untouched import Untouched
from tests.e2e.workers import wait_for_site, wait_for_workers
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def undamaged(deployed_web: Host) -> Fingerprint:
    """The host before anything has drifted."""
    deployed_web.reset(to="deployed")
    wait_for_site(deployed_web)
    return fingerprint(deployed_web)


@pytest.fixture
def holds(
    undamaged: Fingerprint, web: Host, site: Controller, record_property: Record
) -> Callable[[Drift], None]:
    def holds(drift: Drift) -> None:
        with DRIFT.trial(drift.name, len(DRIFTS), record_property) as trial:
            web.enter(PRELUDE + drift.script)
            with Untouched(web, drift.breaks):
                planned = site.plan()
            trial.plans([kind_of(name) for name in planned])
            assert sorted(map(kind_of, planned)) == sorted(drift.repaired_by)
            with polled(web) as visitor:
                changed = site.apply().changed
            assert changed == planned
            assert drift.breaks or visitor.failed == []
            assert get(web).status == 200
            assert static_file(web) == 200
            assert site.plan() == []
            assert left_of(drift, undamaged, web) == []

    return holds


@pytest.mark.matrix
@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: drift.name)
def test_every_drift_is_planned_exactly_and_put_right(
    drift: Drift, holds: Callable[[Drift], None]
) -> None:
    holds(drift)


@pytest.mark.parametrize("drift", sample(DRIFTS, 4), ids=lambda drift: drift.name)
def test_a_sample_of_drifts_is_planned_exactly_and_put_right(
    drift: Drift, holds: Callable[[Drift], None]
) -> None:
    holds(drift)


# A host with what a project may ask for beside

EQUIPPED = "equipped"
NAME = "fooproject.se"


@pytest.fixture(scope="module")
def authority(lab: Lab) -> Authority:
    authority = Authority(lab.host("drift-authority"))
    authority.start()
    return authority


@pytest.fixture(scope="module")
def equipped(
    lab: Lab, deployed_web: Host, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Host, Fingerprint]]:
    """A host with all of it, and what it is like before anything has drifted."""
    host = lab.host("equipped", layer=DEPLOYED)
    wait_for_site(host)
    authority.answer_names({NAME: host.address, LONG_NAME: host.address})
    authority.trusted_by(host)
    site = asking_for_more(Controller(tmp_path_factory.mktemp(EQUIPPED), lab, [host]), authority)
    site.apply()
    assert site.plan() == []
    host.snapshot(EQUIPPED)
    wait_for("it is up", lambda: is_up(host, authority))
    yield host, fingerprint(host)
    host.power_off()


def asking_for_more(site: Controller, authority: Authority) -> Controller:
    site.data |= {**SETTINGS, "tls_server": authority.directory_url}
    return site


def is_up(host: Host, authority: Authority) -> bool:
    return get(host, "/health", secure=Secure(authority.root_certificate)).status == 200


Holds = Callable[[Drift], None]


@pytest.fixture
def holds_with_more(
    equipped: tuple[Host, Fingerprint],
    authority: Authority,
    controller: Callable[..., Controller],
    record_property: Record,
) -> Holds:
    def holds(drift: Drift) -> None:
        host, undamaged = equipped
        host.reset(to=EQUIPPED)
        wait_for("it is up", lambda: is_up(host, authority))
        wait_for_workers(host)
        site = asking_for_more(controller(host), authority)
        with MORE_DRIFT.trial(drift.name, len(MORE_DRIFTS), record_property) as trial:
            host.enter(PRELUDE + drift.script, timeout=120)
            with Untouched(host):
                planned = site.plan()
            trial.plans([more_kind_of(name) for name in planned])
            assert sorted(map(more_kind_of, planned)) == sorted(drift.repaired_by)
            with polled(host, Secure(authority.root_certificate)) as visitor:
                changed = site.apply().changed
            assert changed == planned
            assert visitor.failed == []
            assert is_up(host, authority)
            assert site.plan() == []
            assert left_of(drift, undamaged, host) == []

    return holds


@pytest.mark.matrix
@pytest.mark.parametrize("drift", MORE_DRIFTS, ids=lambda drift: drift.name)
def test_every_drift_of_more_is_planned_exactly_and_put_right(
    drift: Drift, holds_with_more: Holds
) -> None:
    holds_with_more(drift)


@pytest.mark.long
def test_a_drift_of_more_is_planned_exactly_and_put_right(holds_with_more: Holds) -> None:
    [drift] = sample(MORE_DRIFTS, 1)
    holds_with_more(drift)


# A host whose site is closed


@pytest.mark.matrix
@pytest.mark.parametrize("drift", CLOSED_DRIFTS, ids=lambda drift: drift.name)
def test_every_drift_of_a_closed_site_is_planned_exactly_and_put_right(
    drift: Drift, web: Host, site: Controller, record_property: Record
) -> None:
    held_closed(drift, web, site, record_property)


def test_a_drift_of_a_closed_site_is_planned_exactly_and_put_right(
    web: Host, site: Controller, record_property: Record
) -> None:
    [drift] = sample(CLOSED_DRIFTS, 1)
    held_closed(drift, web, site, record_property)


def held_closed(drift: Drift, web: Host, site: Controller, record: Record) -> None:
    close = ("maintenance.py", "--data", "on=True", "--json")
    site.pyinfra(*close, "-y")
    with CLOSED_DRIFT.trial(drift.name, len(CLOSED_DRIFTS), record) as trial:
        web.enter(PRELUDE + drift.script)
        with Untouched(web):
            planned = site.pyinfra(*close, "--dry").planned
        trial.plans([more_kind_of(name) for name in planned])
        assert sorted(map(more_kind_of, planned)) == sorted(drift.repaired_by)
        assert site.pyinfra(*close, "-y").changed == planned
        wait_for("it is closed", lambda: get(web).status == 503)
        assert "Down for maintenance" in get(web).text
        assert get(web, "/health").status == 200
        assert site.pyinfra(*close, "--dry").planned == []
        assert site.plan() == []


def left_of(drift: Drift, before: Fingerprint, host: Host) -> list[str]:
    """What differs from a host that never drifted, and may not."""
    return [
        line
        for line in difference(before, fingerprint(host))
        if not re.match(KEPT_ASIDE, line) and not (drift.leaves and re.search(drift.leaves, line))
    ]


def static_file(web: Host) -> int:
    """The status of the page's own style sheet."""
    found = re.search(r'"(/static/[^"]+\.css)"', get(web).text)
    assert found
    return get(web, found[1]).status
