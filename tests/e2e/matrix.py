"""What the matrices tried and what held: told at the end of a run, and written to the docs."""

import os
import random
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from typing import TypeVar

import pytest

from tests.e2e.controller import REPOSITORY

T = TypeVar("T")
Record = Callable[[str, object], None]
"""What pytest's `record_property` is: it reaches the report also from another process."""

PAGE = REPOSITORY / "docs" / "matrix.md"
# In the environment, so that processes which share a run choose alike.
SEED = int(os.environ.setdefault("DRIFT_SEED", str(random.SystemRandom().randrange(10**6))))
"""Chooses the samples of a short run, another one each time; DRIFT_SEED repeats a choice."""

RESUMES = "MATRIX_RESUME" in os.environ
"""Leaves out the cases that have held, of the runs since the last one that did not resume."""
CACHE = "matrix/trials"
DIRTY = "-dirty"
"""How the version ends of code that is not committed: nobody can try a row again with that."""
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ

HEAD = """\
# The matrices

Written by `make matrix`, which tries every case on hosts of the lab; `make test` tries a sample
of them, a different one each time. `make matrix MATRIX_RESUME=1` continues a run that was cut,
and tries again what did not hold; so each row names the version that it was tried with.
"""


@dataclass
class Trial:
    """A case that was tried."""

    matrix: str
    """The title of its matrix."""
    size: int
    """How many cases a whole run of that matrix has."""
    case: str
    version: str
    """What `git describe` calls the code that was tried."""
    planned: str = ""
    """The operations that the plan named."""
    held: bool = False
    seconds: float = 0.0

    @property
    def counts(self) -> bool:
        """Whether it was tried with a commit."""
        return not self.version.endswith(DIRTY)

    def plans(self, operations: Sequence[str]) -> None:
        """Say what was planned."""
        self.planned = "; ".join(operations) or "nothing"


@dataclass(frozen=True)
class Matrix:
    """All cases of one kind."""

    title: str
    about: str

    @contextmanager
    def trial(self, case: str, size: int, record: Record) -> Iterator[Trial]:
        """Try a case, one of `size`: it held when the block ends without an exception."""
        trial, started = Trial(self.title, size, case, _version()), time.monotonic()
        try:
            yield trial
            trial.held = True
        finally:
            trial.seconds = time.monotonic() - started
            record("trial", asdict(trial))


DRIFT = Matrix(
    "Drift",
    "Each case breaks one thing on a host that is as declared. It holds when the plan names exactly"
    " the operations that put it right, the dry run touched nothing on the host, the apply changed"
    " exactly what was planned while the site, if it was up, stayed up, and afterwards the next"
    " plan is empty and the host is as if nothing had happened.",
)
MORE_DRIFT = Matrix(
    "Drift of a host with more",
    "The same on a host that has what a project may ask for beside: HTTPS by a CA, long names, a"
    " page and lines of its own in Nginx, a worker, a schedule, a firewall and security updates.",
)
CLOSED_DRIFT = Matrix(
    "Drift of a closed site",
    "The same of what `maintenance.py` has put on a host, and by its plan; that of `deploy.py` has"
    " no change.",
)
INTERRUPTION = Matrix(
    "Interruption",
    "Each case cuts a run: by SIGKILL to pyinfra, or by ending the host's side of the SSH"
    " connection, while an operation runs or just after it. It holds when running again ends, in"
    " one run, with the host as an uninterrupted run leaves it, and an empty plan; a site that was"
    " up before stayed up throughout. The operations named are those of the second run.",
)
LEAVING = Matrix(
    "Leaving",
    "Each case cuts a run of remove.py by SIGKILL to pyinfra, while an operation runs or just after"
    " it. It holds when running again ends, in one run, with the host as an uninterrupted run"
    " leaves it, and an empty plan. The operations named are those of the second run.",
)
SEQUENCES = Matrix(
    "Sequences",
    "Each case is a sequence of changes of the settings, drifts, runs that were cut and runs, all"
    " chosen by chance. It holds when one more run ends with an empty plan and with the host as the"
    " settings alone have it, whatever happened before. The operations named are that run's.",
)
EVERY = (DRIFT, MORE_DRIFT, CLOSED_DRIFT, INTERRUPTION, LEAVING, SEQUENCES)
"""In the order of the page."""


@dataclass(frozen=True)
class Tried:
    """What a run tried of a matrix."""

    matrix: Matrix
    trials: list[Trial]

    @property
    def is_whole(self) -> bool:
        """Whether every case was tried, with a commit."""
        return bool(self.trials) and sum(one.counts for one in self.trials) >= self.trials[0].size

    def __str__(self) -> str:
        held = sum(trial.held for trial in self.trials)
        tried = f"{len(self.trials)} of {self.trials[0].size} cases tried"
        return f"{self.matrix.title}: {tried}, {held} held"

    def section(self) -> str:
        """A section of the page."""
        rows = [
            f"| {_cell(trial.case)} | {_cell(trial.planned)} | {'yes' if trial.held else '**no**'} "
            f"| {trial.seconds:.0f} | {trial.version} |"
            for trial in self.trials
        ]
        names = "| case | operations planned | held | seconds | version |"
        head = f"{names}\n| --- | --- | --- | --- | --- |"
        about = ["", self.matrix.about, "", f"{self}.", ""]
        return "\n".join([f"## {self.matrix.title}", *about, head, *rows, ""])


def each_case(trials: Iterable[Trial]) -> list[Trial]:
    """One trial of each case, which a sample may try once more: one that did not hold, if any."""
    by_case: dict[str, Trial] = {}
    for trial in trials:
        known = by_case.get(trial.case)
        if known is None or (known.held and known.counts):
            by_case[trial.case] = trial
    return list(by_case.values())


def sample(cases: Sequence[T], number: int) -> list[T]:
    """Some of the cases, chosen by SEED."""
    return random.Random(SEED).sample(list(cases), number)


def cases(every: Iterable[T], number: int, name: Callable[[T], str] = str) -> list[object]:
    """All cases as parameters: some, chosen by SEED, for each run, the others for a whole one."""
    known = {name(case): case for case in every}
    now = sample(sorted(known), number)
    marks = {True: pytest.mark.sample, False: pytest.mark.matrix}
    return [pytest.param(known[id], id=id, marks=marks[id in now]) for id in known]


def share(names: Iterable[T], parts: int) -> set[T]:
    """One of so many parts of a number of names, chosen by SEED.

    Args:
        names: a name as often as it weighs; its weight is never parted.
        parts: about equally heavy, so that each run takes as long as another.
    """
    weights = Counter(names)
    by_chance = random.Random(SEED)
    heaviest_first = sorted(weights, key=lambda name: (-weights[name], by_chance.random()))
    made: list[set[T]] = [set() for _ in range(parts)]
    for name in heaviest_first:
        min(made, key=lambda part: sum(weights[one] for one in part)).add(name)
    return by_chance.choice(made)


def _trial(value: dict[str, object]) -> Trial:
    return Trial(**value)  # type: ignore[arg-type]


def _cell(text: str) -> str:
    """Names of operations have bars of their own."""
    return text.replace("|", "\\|")


@cache
def _version() -> str:
    command = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


class Results:
    """What the tests have recorded, kept in pytest's cache by their names."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.trials: dict[str, list[dict[str, object]]] = {}
        if RESUMES:
            self.trials = config.cache.get(CACHE, {})

    def has_held(self, test: str) -> bool:
        """Whether all that a test has tried has held, with a commit."""
        trials = [_trial(value) for value in self.trials.get(test, ())]
        return bool(trials) and all(trial.held and trial.counts for trial in trials)

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave out what has held, of a run that resumes."""
        held = [item for item in items if self.has_held(item.nodeid)]
        items[:] = [item for item in items if item not in held]
        self.config.hook.pytest_deselected(items=held)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a test has recorded, at once: a run of hours may be cut."""
        tried = [value for name, value in report.user_properties if name == "trial"]
        if report.when != "call" or not tried or IS_WORKER:
            return
        self.trials[report.nodeid] = [value for value in tried if isinstance(value, dict)]
        if "matrix" in report.keywords:
            self.config.cache.set(CACHE, self.trials)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what was tried; write the page when that was everything."""
        trials = [_trial(value) for name in sorted(self.trials) for value in self.trials[name]]
        tried = [
            Tried(matrix, each_case([trial for trial in trials if trial.matrix == matrix.title]))
            for matrix in EVERY
        ]
        for one in tried:
            if one.trials:
                terminalreporter.write_line(str(one))
        if trials:
            terminalreporter.write_line(f"to try the same samples again: DRIFT_SEED={SEED}")
        if uncounted := sum(not trial.counts for trial in trials):
            terminalreporter.write_line(f"{uncounted} tried with changes that are not committed")
        if all(one.is_whole for one in tried):
            PAGE.parent.mkdir(exist_ok=True)
            PAGE.write_text("\n".join([HEAD, *(one.section() for one in tried)]))
            terminalreporter.write_line(f"written: {PAGE.relative_to(REPOSITORY)}")
