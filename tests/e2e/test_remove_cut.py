"""A run of remove.py can be cut anywhere: the next one leaves what an uninterrupted one would."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import pytest

from tests.e2e.certificates import Issuer
from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.cutting import CUTTERS, Timing, cut_run, timed_run
from tests.e2e.fingerprint import Fingerprint, difference, fingerprint
from tests.e2e.http import get, wait_for
from tests.e2e.matrix import LEAVING, Record, sample
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

EQUIPPED = "equipped"
"""The snapshot of a host with all that a project may have there."""
EVERYTHING = ("--data", "everything=True")
KEEPING = (
    "Nginx | Serve fooproject.se no longer",
    "Programs | Stop all of fooproject's",
    "Programs | Have supervisord as before the first project",
    "Schedules | Remove all of fooproject's",
    "HTTPS | Forget the certificate of fooproject.se",
    "Firewall | Let in everybody",
    "Files | Remove what else of root's is fooproject's",
    "Release | Remove releases and virtualenvs",
    "User | Take fooproject's groups away",
    "Files | Forget that fooproject was here",
    "Files | Have what projects share as before the first project",
)
"""The operations of a run that keeps the data, in order."""
ALL = (
    *KEEPING[:-3],
    "User | Remove fooproject and its home",
    "Data | Remove logs and dumps",
    *KEEPING[-2:],
)


@dataclass(frozen=True)
class Cut:
    """A moment at which a run is cut."""

    words: tuple[str, ...]
    operation: str
    moment: float | None
    """A part of the operation's usual time; None for just after it."""

    def __str__(self) -> str:
        when = "after" if self.moment is None else f"{self.moment:.0%} into"
        what = "everything goes" if self.words else "data stays"
        return f"{what}: pyinfra killed {when} {self.operation}"


CUTS = [
    Cut(words, operation, moment)
    for words, operations in (((), KEEPING), (EVERYTHING, ALL))
    for operation in operations
    for moment in (0.5, None)
]


@dataclass(frozen=True)
class Reference:
    """An uninterrupted run."""

    timing: Timing
    fingerprint: Fingerprint


@pytest.fixture(scope="module")
def site(
    lab: Lab, deployed_web: Host, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Controller]:
    host = lab.host("cut-leaving", layer=DEPLOYED)
    wait_for_site(host)
    site = Controller(tmp_path_factory.mktemp("leaving"), lab, [host])
    issued = Issuer().issue("fooproject.se")
    site.data |= {
        "programs": {"beat": "sleep 1000"},
        "schedules": {"say": {"command": "true", "when": "hourly"}},
        "firewall": True,
        "tls": "files",
        "tls_certificate": issued.certificate,
        "tls_key": issued.key,
    }
    site.apply()
    host.snapshot(EQUIPPED)
    yield site
    host.power_off()


def equipped(site: Controller) -> Host:
    """The host as it is before its project leaves."""
    [host] = site.hosts
    host.reset(to=EQUIPPED)
    # The rules of its firewall outlive it with its network, and are loaded as it boots.
    wait_for("the site is up", lambda: get(host, "/health").status == 301)
    return host


@pytest.fixture(scope="module")
def reference(site: Controller) -> Callable[[tuple[str, ...]], Reference]:
    """What an uninterrupted run is like; each is run once."""

    @cache
    def of(words: tuple[str, ...]) -> Reference:
        host = equipped(site)
        timing = timed_run(site, "-y", *words, entry="remove.py")
        return Reference(timing, fingerprint(host))

    return of


@pytest.fixture
def holds(
    site: Controller,
    reference: Callable[[tuple[str, ...]], Reference],
    record_property: Record,
) -> Callable[[Cut], None]:
    def holds(cut: Cut) -> None:
        whole = reference(cut.words)
        host = equipped(site)
        with LEAVING.trial(str(cut), len(CUTS), record_property) as trial:
            after = None if cut.moment is None else cut.moment * whole.timing.seconds[cut.operation]
            how = CUTTERS["pyinfra killed"]
            reached = cut_run(site, how, cut.operation, after, "-y", *cut.words, entry="remove.py")
            assert reached, "the run did not get that far"
            trial.plans(site.pyinfra("remove.py", "-y", "--json", *cut.words).changed)
            assert site.pyinfra("remove.py", "--dry", "--json", *cut.words).planned == []
            assert difference(whole.fingerprint, fingerprint(host)) == []

    return holds


@pytest.mark.parametrize(
    ("words", "operations"), [((), KEEPING), (EVERYTHING, ALL)], ids=["data stays", "all goes"]
)
def test_the_operations_that_are_cut_are_those_of_the_plan_to_leave(
    words: tuple[str, ...], operations: tuple[str, ...], site: Controller
) -> None:
    """Of both plans: a sample of the cuts has one of them alone."""
    equipped(site)
    assert site.pyinfra("remove.py", "--dry", "--json", *words).planned == list(operations)


@pytest.mark.matrix
@pytest.mark.parametrize("cut", CUTS, ids=str)
def test_a_project_that_was_cut_while_leaving_leaves_with_the_next_run(
    cut: Cut, holds: Callable[[Cut], None]
) -> None:
    holds(cut)


@pytest.mark.long
@pytest.mark.parametrize("cut", sample(CUTS, 1), ids=str)
def test_a_project_that_was_cut_while_leaving_leaves_all_the_same(
    cut: Cut, holds: Callable[[Cut], None]
) -> None:
    holds(cut)
