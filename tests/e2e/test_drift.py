"""Whatever has drifted is planned, nothing else is, and one run puts it right."""

import re
from collections.abc import Callable

import pytest

from tests.e2e.controller import Controller
from tests.e2e.drifts import DRIFTS, PRELUDE, Drift, kind_of
from tests.e2e.fingerprint import KEPT_ASIDE, Fingerprint, difference, fingerprint
from tests.e2e.http import get, wait_for
from tests.e2e.load import polled
from tests.e2e.matrix import DRIFT, Record, sample
from tests.e2e.untouched import Untouched
from tests.lab import Host

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def undamaged(deployed_web: Host) -> Fingerprint:
    """The host before anything has drifted."""
    deployed_web.reset(to="deployed")
    wait_for("the site is up", lambda: get(deployed_web, "/health").status == 200)
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
            left = [
                line
                for line in difference(undamaged, fingerprint(web))
                if not re.match(KEPT_ASIDE, line)
                and not (drift.leaves and re.search(drift.leaves, line))
            ]
            assert left == []

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


def static_file(web: Host) -> int:
    """The status of the page's own style sheet."""
    found = re.search(r'"(/static/[^"]+\.css)"', get(web).text)
    assert found
    return get(web, found[1]).status
