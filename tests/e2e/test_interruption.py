"""A run can be cut anywhere: the next one ends where an uninterrupted one would have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from tests.e2e.controller import Controller
from tests.e2e.cutting import CUTTERS, Timing, cut_run, timed_run
from tests.e2e.drifts import (
    CHECK,
    ENVIRONMENT,
    LIVE,
    LOGIN,
    LOGS,
    LOGS_LINK,
    MIGRATE,
    NGINX,
    SITE,
    SOCKET,
    STATIC,
    SUPERVISOR,
    SWITCH,
    UNPACK,
    USER,
    VIRTUALENV,
    kind_of,
)
from tests.e2e.fingerprint import Fingerprint, difference, fingerprint
from tests.e2e.http import get, release_at, wait_for
from tests.e2e.matrix import INTERRUPTION, Record, sample
from tests.e2e.poller import Poller
from tests.lab import Host

pytestmark = [pytest.mark.e2e, pytest.mark.alone]


def nothing(site: Controller) -> None:
    """The settings as they are."""


def several_settings(site: Controller) -> None:
    site.data |= {"client_max_body_size": "40M", "workers": 2, "timeout_seconds": 30}
    site.data["env"] = {"SECRET_KEY": "another secret", "TEST_COLOUR": "blue"}


def new_code(site: Controller) -> None:
    urls = site.project() / "fooproject" / "urls.py"
    urls.write_text(urls.read_text() + "\n# another release\n")


@dataclass(frozen=True)
class Scenario:
    """What a run is to do, and from where."""

    name: str
    snapshot: str
    change: Callable[[Controller], None]
    operations: tuple[str, ...]
    """Those that change something, in order."""


NEW_CODE = Scenario(
    "new code", "deployed", new_code, (UNPACK, ENVIRONMENT, CHECK, STATIC, MIGRATE, LIVE)
)
SCENARIOS = [
    Scenario(
        "first deploy",
        "base",
        nothing,
        (
            *(USER, LOGS, LOGS_LINK, LOGIN, SUPERVISOR, SOCKET, UNPACK, ENVIRONMENT, VIRTUALENV),
            *(CHECK, STATIC, SWITCH, MIGRATE, LIVE, SITE, NGINX),
        ),
    ),
    Scenario(
        "several settings",
        "deployed",
        several_settings,
        (UNPACK, ENVIRONMENT, CHECK, STATIC, SWITCH, MIGRATE, LIVE, SITE, NGINX),
    ),
    NEW_CODE,
]
MOMENTS = {VIRTUALENV: (0.2, 0.5, 0.8), LIVE: (0.1, 0.3, 0.5, 0.7, 0.9)}
"""Where in an operation it is cut, as parts of its usual time; in the middle, where not listed."""


@dataclass(frozen=True)
class Cut:
    """A moment at which a run is cut."""

    scenario: Scenario
    by: str
    operation: str
    moment: float | None
    """None for just after the operation."""

    def __str__(self) -> str:
        when = "after" if self.moment is None else f"{self.moment:.0%} into"
        return f"{self.scenario.name}: {self.by} {when} {self.operation.replace('*', 'ID')}"


def cuts() -> Iterator[Cut]:
    for scenario in SCENARIOS:
        for operation in scenario.operations:
            for moment in (*MOMENTS.get(operation, (0.5,)), None):
                for by in CUTTERS:
                    yield Cut(scenario, by, operation, moment)


CUTS = list(cuts())

# Of one scenario, which has to be run without a cut first.
A_FEW = sample([cut for cut in CUTS if cut.scenario is sample(SCENARIOS, 1)[0]], 3)


@dataclass(frozen=True)
class Reference:
    """An uninterrupted run."""

    timing: Timing
    fingerprint: Fingerprint


@pytest.fixture(scope="module")
def reference(
    deployed_web: Host, make_site: Callable[[Host], Controller]
) -> Callable[[Scenario], Reference]:
    """What an uninterrupted run of a scenario is like; each is run once."""

    @cache
    def of(scenario: Scenario) -> Reference:
        begin(deployed_web, scenario)
        site = make_site(deployed_web)
        scenario.change(site)
        assert [kind_of(name) for name in site.plan()] == list(scenario.operations)
        timing = timed_run(site)
        assert site.plan() == []
        return Reference(timing, fingerprint(deployed_web))

    return of


@pytest.fixture(scope="module")
def make_site(
    lab: object, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[Host], Controller]:
    def make(host: Host) -> Controller:
        return Controller(tmp_path_factory.mktemp("site"), lab, [host])  # type: ignore[arg-type]

    return make


def begin(host: Host, scenario: Scenario) -> None:
    """Have the host as it is before the scenario."""
    host.reset(to=scenario.snapshot)
    if scenario.snapshot != "base":
        wait_for("the site is up", lambda: get(host, "/health").status == 200)


@pytest.mark.matrix
@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_a_run_that_was_cut_anywhere_is_completed_by_the_next(
    cut: Cut,
    reference: Callable[[Scenario], Reference],
    deployed_web: Host,
    make_site: Callable[[Host], Controller],
    record_property: Record,
) -> None:
    holds(cut, reference(cut.scenario), deployed_web, make_site(deployed_web), record_property)


@pytest.mark.parametrize("cut", A_FEW, ids=str)
def test_a_run_that_was_cut_is_completed_by_the_next(
    cut: Cut,
    reference: Callable[[Scenario], Reference],
    deployed_web: Host,
    make_site: Callable[[Host], Controller],
    record_property: Record,
) -> None:
    holds(cut, reference(cut.scenario), deployed_web, make_site(deployed_web), record_property)


def holds(cut: Cut, whole: Reference, host: Host, site: Controller, record: Record) -> None:
    begin(host, cut.scenario)
    cut.scenario.change(site)
    seconds = whole.timing.seconds[cut.operation]
    with INTERRUPTION.trial(str(cut), len(CUTS), record) as trial:
        with Poller(host) as visitor:
            after = None if cut.moment is None else cut.moment * seconds
            reached = cut_run(site, CUTTERS[cut.by], cut.operation, after)
            assert reached, "the run did not get that far"
            changed = site.apply().changed
            trial.plans([kind_of(name) for name in changed])
            assert site.plan() == []
            assert difference(whole.fingerprint, fingerprint(host)) == []
        assert visitor.failed == []
        assert get(host).status == 200


@pytest.mark.parametrize(
    "by", ["pyinfra killed", pytest.param("SSH cut", marks=pytest.mark.matrix)]
)
def test_what_a_cut_run_left_under_way_does_not_win_over_the_next_run(
    by: str, deployed_web: Host, make_site: Callable[[Host], Controller]
) -> None:
    begin(deployed_web, NEW_CODE)
    before = release_at(deployed_web)
    changed = make_site(deployed_web)
    # Slow to answer first, so that its switch is still at its beginning when the next run looks.
    urls = changed.project() / "fooproject" / "urls.py"
    urls.write_text("import time\ntime.sleep(3)\n" + urls.read_text())
    assert cut_run(changed, CUTTERS[by], LIVE, 0.3)
    back = make_site(deployed_web)
    back.apply()
    wait_for("the cut run's switch to end", lambda: not switches(deployed_web), 60)
    assert release_at(deployed_web) == before
    assert back.plan() == []


def switches(host: Host) -> str:
    """The processes that put a release live."""
    return host.enter("pgrep -f '^python3 .* switch '", check=False).stdout
