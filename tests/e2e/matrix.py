"""What the matrices tried and what held: told at the end of a run, and written to the docs."""

import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

import pytest

from tests.e2e.controller import REPOSITORY

T = TypeVar("T")

PAGE = REPOSITORY / "docs" / "matrix.md"
SEED = int(os.environ.get("DRIFT_SEED") or random.SystemRandom().randrange(10**6))
"""Chooses the samples of a short run, another one each time; DRIFT_SEED repeats a choice."""

HEAD = """\
# The matrices

Written by `make matrix`, which tries every case on hosts of the lab; `make test` tries a sample of
them, another one each time.
"""


@dataclass
class Trial:
    """A case that was tried."""

    case: str
    planned: str = ""
    """The operations that the plan named."""
    held: bool = False
    seconds: float = 0.0

    def plans(self, operations: Sequence[str]) -> None:
        """Say what was planned."""
        self.planned = "; ".join(operations) or "nothing"


@dataclass
class Matrix:
    """All cases of one kind."""

    title: str
    about: str
    size: int
    """How many cases a whole run has."""
    trials: list[Trial] = field(default_factory=list)

    def __post_init__(self) -> None:
        MATRICES.append(self)

    @contextmanager
    def trial(self, case: str) -> Iterator[Trial]:
        """Try a case: it held when the block ends without an exception."""
        trial, started = Trial(case), time.monotonic()
        self.trials.append(trial)
        try:
            yield trial
            trial.held = True
        finally:
            trial.seconds = time.monotonic() - started

    @property
    def is_whole(self) -> bool:
        """Whether every case was tried."""
        return len({trial.case for trial in self.trials}) >= self.size

    def __str__(self) -> str:
        held = sum(trial.held for trial in self.trials)
        return f"{self.title}: {len(self.trials)} of {self.size} cases tried, {held} held"

    def table(self) -> str:
        """A section of the page."""
        rows = [
            f"| {trial.case} | {trial.planned} | {'yes' if trial.held else '**no**'} "
            f"| {trial.seconds:.0f} |"
            for trial in self.trials
        ]
        head = "| case | operations planned | held | seconds |\n| --- | --- | --- | --- |"
        return "\n".join([f"## {self.title}", "", self.about, "", f"{self}.", "", head, *rows, ""])


MATRICES: list[Matrix] = []


def sample(cases: Sequence[T], number: int) -> list[T]:
    """Some of the cases, chosen by SEED."""
    return random.Random(SEED).sample(list(cases), number)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell what was tried; write the page when that was everything."""
    tried = [matrix for matrix in MATRICES if matrix.trials]
    for matrix in tried:
        terminalreporter.write_line(str(matrix))
    if tried:
        terminalreporter.write_line(f"to try the same samples again: DRIFT_SEED={SEED}")
    if tried and all(matrix.is_whole for matrix in MATRICES):
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text("\n".join([HEAD, *(matrix.table() for matrix in MATRICES)]))
        terminalreporter.write_line(f"written: {PAGE.relative_to(REPOSITORY)}")
