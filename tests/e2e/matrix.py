"""What the matrices tried and what held: told at the end of a run, and written to the docs."""

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
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

HEAD = """\
# The matrices

Written by `make matrix`, which tries every case on hosts of the lab; `make test` tries a sample of
them, another one each time.
"""


@dataclass
class Trial:
    """A case that was tried."""

    matrix: str
    """The title of its matrix."""
    size: int
    """How many cases a whole run of that matrix has."""
    case: str
    planned: str = ""
    """The operations that the plan named."""
    held: bool = False
    seconds: float = 0.0

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
        trial, started = Trial(self.title, size, case), time.monotonic()
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
INTERRUPTION = Matrix(
    "Interruption",
    "Each case cuts a run: by SIGKILL to pyinfra, or by ending the host's side of the SSH"
    " connection, while an operation runs or just after it. It holds when running again ends, in"
    " one run, with the host as an uninterrupted run leaves it, and an empty plan; a site that was"
    " up before stayed up throughout. The operations named are those of the second run.",
)
SEQUENCES = Matrix(
    "Sequences",
    "Each case is a sequence of changes of the settings, drifts, runs that were cut and runs, all"
    " chosen by chance. It holds when one more run ends with an empty plan and with the host as the"
    " settings alone have it, whatever happened before. The operations named are that run's.",
)


@dataclass(frozen=True)
class Tried:
    """What a run tried of a matrix."""

    matrix: Matrix
    trials: list[Trial]

    @property
    def is_whole(self) -> bool:
        """Whether every case was tried."""
        return bool(self.trials) and len(self.trials) >= self.trials[0].size

    def __str__(self) -> str:
        held = sum(trial.held for trial in self.trials)
        tried = f"{len(self.trials)} of {self.trials[0].size} cases tried"
        return f"{self.matrix.title}: {tried}, {held} held"

    def section(self) -> str:
        """A section of the page."""
        rows = [
            f"| {trial.case} | {trial.planned} | {'yes' if trial.held else '**no**'} "
            f"| {trial.seconds:.0f} |"
            for trial in self.trials
        ]
        head = "| case | operations planned | held | seconds |\n| --- | --- | --- | --- |"
        about = ["", self.matrix.about, "", f"{self}.", ""]
        return "\n".join([f"## {self.matrix.title}", *about, head, *rows, ""])


def sample(cases: Sequence[T], number: int) -> list[T]:
    """Some of the cases, chosen by SEED."""
    return random.Random(SEED).sample(list(cases), number)


def trials_in(reports: Sequence[object]) -> list[Trial]:
    """What the tests have recorded, in order of their names: processes end as they like."""
    tests = [report for report in reports if isinstance(report, pytest.TestReport)]
    return [
        Trial(**value)
        for report in sorted(tests, key=lambda report: report.nodeid)
        for name, value in report.user_properties
        if name == "trial" and report.when == "call" and isinstance(value, dict)
    ]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was tried; write the page when that was everything."""
    reports = [report for kind in terminalreporter.stats.values() for report in kind]
    trials = trials_in(reports)
    tried = [
        Tried(matrix, [trial for trial in trials if trial.matrix == matrix.title])
        for matrix in (DRIFT, INTERRUPTION, SEQUENCES)
    ]
    for one in tried:
        if one.trials:
            terminalreporter.write_line(str(one))
    if trials:
        terminalreporter.write_line(f"to try the same samples again: DRIFT_SEED={SEED}")
    if all(one.is_whole for one in tried):
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text("\n".join([HEAD, *(one.section() for one in tried)]))
        terminalreporter.write_line(f"written: {PAGE.relative_to(REPOSITORY)}")
