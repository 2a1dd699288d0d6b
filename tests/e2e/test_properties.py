"""Whatever happened to a host, in whatever order: one run ends where the settings say."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.e2e.controller import Controller
from tests.e2e.cutting import CUTTERS, cut_run
from tests.e2e.drifts import DRIFTS, PRELUDE, kind_of
from tests.e2e.fingerprint import KEPT_ASIDE, Fingerprint, difference, fingerprint
from tests.e2e.http import release_at
from tests.e2e.matrix import SEED, SEQUENCES, Record
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

PARTS, PART = 5, 5
"""A whole run: so many sequences in so many tests, which processes can share."""


@dataclass(frozen=True)
class Declare:
    """The settings change."""

    name: str
    value: object

    def __str__(self) -> str:
        return f"{self.name}={self.value}"

    def do(self, world: "World") -> None:
        world.declared[self.name] = self.value


@dataclass(frozen=True)
class Break:
    """The host drifts."""

    drift: str

    def __str__(self) -> str:
        return f"drift ({self.drift})"

    def do(self, world: "World") -> None:
        script = next(drift.script for drift in DRIFTS if drift.name == self.drift)
        # What broke before may keep it from breaking more.
        world.host.enter(PRELUDE + script, check=False)


@dataclass(frozen=True)
class CutRun:
    """A run is cut."""

    by: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.by} after {self.seconds} s"

    def do(self, world: "World") -> None:
        cut_run(world.site(), CUTTERS[self.by], "*", self.seconds)


@dataclass(frozen=True)
class Run:
    """A run goes through."""

    def __str__(self) -> str:
        return "run"

    def do(self, world: "World") -> None:
        world.site().apply()


Step = Declare | Break | CutRun | Run
Reference = Callable[[tuple[object, ...]], Fingerprint]
CHOICES: dict[str, list[object]] = {
    "workers": [3, 2],
    "client_max_body_size": ["50M", "40M"],
    "colour": ["red", "blue"],
    "code": ["as it is", "changed"],
}
SLOW = "package|virtualenv|user: (deleted|home|primary)|by hand on the port"


def steps(chosen_by: int) -> st.SearchStrategy[Step]:
    # hypothesis tries the first of everything first: let that be another one each time.
    order = random.Random(chosen_by)
    drifts = [
        drift.name for drift in DRIFTS if not drift.leaves and not re.search(SLOW, drift.name)
    ]
    declarations = [Declare(name, value) for name, values in CHOICES.items() for value in values]
    order.shuffle(drifts)
    order.shuffle(declarations)
    kinds: list[st.SearchStrategy[Step]] = [
        st.sampled_from(declarations),
        st.sampled_from(drifts).map(Break),
        st.builds(
            CutRun,
            st.sampled_from(order.sample(list(CUTTERS), 2)),
            st.integers(0, 60).map(lambda tenths: tenths / 10),
        ),
        st.just(Run()),
    ]
    order.shuffle(kinds)
    return st.one_of(kinds)


class World:
    """A host, and what is declared for it."""

    def __init__(self, host: Host, make: Callable[[], Controller]) -> None:
        self.host = host
        self.declared: dict[str, object] = {name: values[0] for name, values in CHOICES.items()}
        self._make = make

    def site(self) -> Controller:
        """A controller with what is declared now."""
        site, declared = self._make(), self.declared
        site.data |= {
            "workers": declared["workers"],
            "client_max_body_size": declared["client_max_body_size"],
            "env": {"SECRET_KEY": "a secret", "TEST_COLOUR": declared["colour"]},
        }
        urls = site.project() / "fooproject" / "urls.py"
        if declared["code"] != "as it is":
            urls.write_text(urls.read_text() + f"\n# {declared['code']}\n")
        return site

    def begin(self) -> None:
        """Have the host as freshly deployed."""
        self.host.reset(to="deployed")
        wait_for_site(self.host)


@pytest.fixture(scope="module")
def new_world(
    lab: Lab, deployed_web: Host, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[], World]:
    def make() -> Controller:
        return Controller(tmp_path_factory.mktemp("site"), lab, [deployed_web])

    return lambda: World(deployed_web, make)


@pytest.fixture(scope="module")
def reference(new_world: Callable[[], World]) -> Reference:
    """The host after one run with some settings, from a fresh deploy; each is run once."""

    @cache
    def of(values: tuple[object, ...]) -> Fingerprint:
        world = new_world()
        world.declared = dict(zip(CHOICES, values, strict=True))
        world.begin()
        world.site().apply()
        return fingerprint(world.host)

    return of


def holds(sequence: list[Step], world: World, reference: Reference, record: Record) -> None:
    case = ", ".join(map(str, sequence))
    with SEQUENCES.trial(case, PARTS * PART, record) as trial:
        world.begin()
        for step in sequence:
            step.do(world)
        changed = world.site().apply().changed
        trial.plans([kind_of(name) for name in changed])
        assert world.site().plan() == []
        after, live = fingerprint(world.host), release_at(world.host)
        # Only now, for it takes the same host.
        expected = reference(tuple(world.declared.values()))
        assert [x for x in difference(expected, after) if not is_history(x, live)] == []


def is_history(line: str, live: str) -> bool:
    """Whether it is about what was kept of the past: older releases, and what stood in the way."""
    release = re.match(r"path /home/fooproject/releases/([^/: ]+)", line)
    return bool(re.match(KEPT_ASIDE, line)) or (release is not None and release[1] != live)


def quick(examples: int) -> settings:
    """Each example takes a minute or so: none is tried twice, and none is made smaller."""
    return settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


@pytest.mark.matrix
@pytest.mark.parametrize("part", range(PARTS))
def test_the_host_is_a_function_of_the_settings_alone(
    part: int, new_world: Callable[[], World], reference: Reference, record_property: Record
) -> None:
    @seed(SEED + part)
    @quick(PART)
    @given(sequence=st.lists(steps(SEED + part), min_size=3, max_size=8))
    def each(sequence: list[Step]) -> None:
        holds(sequence, new_world(), reference, record_property)

    each()


@pytest.mark.long
@seed(SEED)
@quick(2)
@given(sequence=st.lists(steps(SEED), min_size=3, max_size=3))
def test_after_a_short_sequence_the_host_is_as_the_settings_say(
    sequence: list[Step],
    new_world: Callable[[], World],
    reference: Reference,
    record_property: Record,
) -> None:
    holds(sequence, new_world(), reference, record_property)
