"""A run can be cut anywhere: the next one ends where an uninterrupted one would have."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from tests.e2e.controller import Controller
from tests.e2e.cutting import CUTTERS, Timing, cut_run, timed_run
from tests.e2e.drifts import (
    CHECK,
    CONFIGURE,
    ENVIRONMENT,
    INSTALL,
    LIVE,
    LOGIN,
    LOGS,
    LOGS_LINK,
    MIGRATE,
    NGINX,
    ORIGINALS,
    OUTLAST,
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
from tests.e2e.load import polled
from tests.e2e.matrix import INTERRUPTION, Record, sample
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e


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
    cut_in: tuple[str, ...] = ()
    """The operations in which it is cut; without any, in each."""


FIRST = (
    *(ORIGINALS, OUTLAST, USER, LOGS, LOGS_LINK, LOGIN, SWITCH, SUPERVISOR, SOCKET, UNPACK),
    *(ENVIRONMENT, VIRTUALENV, CHECK, STATIC, MIGRATE, CONFIGURE, LIVE, SITE, NGINX),
)
NEW_CODE = Scenario(
    "new code", "deployed", new_code, (UNPACK, ENVIRONMENT, CHECK, STATIC, MIGRATE, LIVE)
)
# What a bare host is given before the project comes takes long: it is cut in that alone. It has no
# Supervisor yet whose socket would have to be opened.
ON_BARE = (INSTALL, *(one for one in FIRST if one != SOCKET))
BARE = Scenario("bare host", "base", nothing, ON_BARE, (INSTALL,))
SCENARIOS = [
    BARE,
    Scenario("first deploy", "base", nothing, FIRST),
    Scenario(
        "several settings",
        "deployed",
        several_settings,
        (UNPACK, ENVIRONMENT, CHECK, STATIC, MIGRATE, LIVE, SITE, NGINX),
    ),
    NEW_CODE,
]
MOMENTS = {INSTALL: (0.2, 0.6), VIRTUALENV: (0.2, 0.5, 0.8), LIVE: (0.1, 0.3, 0.5, 0.7, 0.9)}
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
        for operation in scenario.cut_in or scenario.operations:
            for moment in (*MOMENTS.get(operation, (0.5,)), None):
                for by in CUTTERS:
                    yield Cut(scenario, by, operation, moment)


CUTS = list(cuts())

# Of one scenario, which has to be run without a cut first; not of the one that takes longest.
A_FEW = sample([cut for cut in CUTS if cut.scenario is sample(SCENARIOS[1:], 1)[0]], 3)


@dataclass(frozen=True)
class Reference:
    """An uninterrupted run."""

    timing: Timing
    fingerprint: Fingerprint


@pytest.fixture(scope="module")
def begin(lab: Lab, deployed_web: Host) -> Callable[[Scenario], Host]:
    """Have a scenario's host as it is before it."""

    @cache
    def bare() -> Host:
        return lab.host("bare", base="bare")

    def begin(scenario: Scenario) -> Host:
        host = bare() if scenario is BARE else deployed_web
        host.reset(to=scenario.snapshot)
        if scenario.snapshot != "base":
            wait_for_site(host)
        return host

    return begin


@pytest.fixture(scope="module")
def reference(
    begin: Callable[[Scenario], Host], make_site: Callable[[Host], Controller]
) -> Callable[[Scenario], Reference]:
    """What an uninterrupted run of a scenario is like; each is run once."""

    @cache
    def of(scenario: Scenario) -> Reference:
        host = begin(scenario)
        site = make_site(host)
        scenario.change(site)
        timing = timed_run(site)
        assert site.plan() == []
        return Reference(timing, fingerprint(host))

    return of


@pytest.fixture(scope="module")
def make_site(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Callable[[Host], Controller]:
    def make(host: Host) -> Controller:
        return Controller(tmp_path_factory.mktemp("site"), lab, [host])

    return make


@pytest.fixture
def holds(
    reference: Callable[[Scenario], Reference],
    begin: Callable[[Scenario], Host],
    make_site: Callable[[Host], Controller],
    record_property: Record,
) -> Callable[[Cut], None]:
    def holds(cut: Cut) -> None:
        whole = reference(cut.scenario)
        host = begin(cut.scenario)
        site = make_site(host)
        cut.scenario.change(site)
        with INTERRUPTION.trial(str(cut), len(CUTS), record_property) as trial:
            with polled(host) as visitor:
                seconds = whole.timing.seconds[cut.operation]
                after = None if cut.moment is None else cut.moment * seconds
                reached = cut_run(site, CUTTERS[cut.by], cut.operation, after)
                assert reached, "the run did not get that far"
                changed = site.apply().changed
                trial.plans([kind_of(name) for name in changed])
                assert site.plan() == []
                assert difference(whole.fingerprint, fingerprint(host)) == []
            assert visitor.failed == []
            assert get(host).status == 200

    return holds


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_the_operations_that_are_cut_are_those_of_the_plan(
    scenario: Scenario,
    begin: Callable[[Scenario], Host],
    make_site: Callable[[Host], Controller],
) -> None:
    """Of each scenario: a sample of the cuts has one of them alone."""
    site = make_site(begin(scenario))
    scenario.change(site)
    assert [kind_of(name) for name in site.plan()] == list(scenario.operations)


@pytest.mark.matrix
@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_a_run_that_was_cut_anywhere_is_completed_by_the_next(
    cut: Cut, holds: Callable[[Cut], None]
) -> None:
    holds(cut)


@pytest.mark.parametrize("cut", A_FEW, ids=str)
def test_a_run_that_was_cut_is_completed_by_the_next(
    cut: Cut, holds: Callable[[Cut], None]
) -> None:
    holds(cut)


@pytest.mark.parametrize(
    "by", ["pyinfra killed", pytest.param("SSH cut", marks=pytest.mark.matrix)]
)
def test_what_a_cut_run_left_under_way_does_not_win_over_the_next_run(
    by: str, begin: Callable[[Scenario], Host], make_site: Callable[[Host], Controller]
) -> None:
    web = begin(NEW_CODE)
    before = release_at(web)
    changed = make_site(web)
    # Slow to answer first, so that its switch is still at its beginning when the next run looks.
    urls = changed.project() / "fooproject" / "urls.py"
    urls.write_text("import time\ntime.sleep(3)\n" + urls.read_text())
    assert cut_run(changed, CUTTERS[by], LIVE, 0.3)
    back = make_site(web)
    back.apply()
    wait_for("the cut run's switch to end", lambda: not switches(web), 60)
    assert release_at(web) == before
    assert back.plan() == []


def switches(host: Host) -> str:
    """The processes that put a release live."""
    return host.enter("pgrep -f '^python3 .* switch '", check=False).stdout
