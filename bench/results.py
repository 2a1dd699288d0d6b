"""Samples of a bench, kept as they come, and what they say."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from operator import attrgetter
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Sample:
    """One contender, once."""

    kind: str
    contender: str
    round: int
    seconds: float
    cpu_seconds: float
    """Of the controller: the command with all that it has waited for."""
    others: float
    """How busy the machine was before, with the bench at rest: 1 is one core."""
    sent: int = 0
    failed: int = 0
    """Requests of visitors meanwhile, where there were any."""
    p99: float = 0.0
    per_second: float = 0.0
    """Of visitors, whose `seconds` are the median's: what one of 100 waits, and requests."""


@dataclass(frozen=True)
class Row:
    """What the samples of one contender say of one kind."""

    contender: str
    samples: int
    seconds: float
    least: float
    most: float
    cpu_seconds: float
    of_ours: float | None
    of_last: float | None
    """How many times as long as ours, and as the last row."""
    sent: int
    failed: int


@dataclass
class Results:
    """All that is known, in a file of its own."""

    path: Path
    made: dict[str, str] = field(default_factory=dict)
    """When, where, and with which versions."""
    samples: list[Sample] = field(default_factory=list)

    def add(self, sample: Sample) -> None:
        """Keep a sample, so that a run that is cut can be gone on with."""
        self.samples.append(sample)
        self.write()

    def write(self) -> None:
        """Put it all into the file."""
        value = {"made": self.made, "samples": [asdict(one) for one in self.samples]}
        self.path.write_text(json.dumps(value, indent=1) + "\n")

    def has(self, kind: str, contender: str, number: int) -> bool:
        """Whether there is such a sample."""
        return (kind, contender, number) in {
            (one.kind, one.contender, one.round) for one in self.samples
        }


def read(path: Path) -> Results:
    """What a file has; nothing where there is none."""
    if not path.exists():
        return Results(path)
    value = json.loads(path.read_text())
    return Results(path, value["made"], [Sample(**one) for one in value["samples"]])


def rows(samples: Iterable[Sample], kind: str, order: Iterable[str]) -> list[Row]:
    """The contenders of a kind, in that order."""
    by_round = rounds(samples, kind)
    names = [name for name in order if name in by_round]
    ours, last = by_round.get("ours", {}), by_round[names[-1]] if names else {}
    return [row(name, by_round[name], ours, last) for name in names]


def rounds(samples: Iterable[Sample], kind: str) -> dict[str, dict[int, Sample]]:
    """The samples of a kind, by contender and round."""
    found: dict[str, dict[int, Sample]] = {}
    for one in samples:
        if one.kind == kind:
            found.setdefault(one.contender, {})[one.round] = one
    return found


def row(
    name: str, its: Mapping[int, Sample], ours: Mapping[int, Sample], last: Mapping[int, Sample]
) -> Row:
    """One of them, compared with ours and with the last."""
    seconds = [one.seconds for one in its.values()]
    return Row(
        contender=name,
        samples=len(its),
        seconds=median(seconds),
        least=min(seconds),
        most=max(seconds),
        cpu_seconds=median(one.cpu_seconds for one in its.values()),
        of_ours=ratio(its, ours),
        of_last=ratio(its, last),
        sent=sum(one.sent for one in its.values()),
        failed=sum(one.failed for one in its.values()),
    )


def ratio(
    its: Mapping[int, Sample],
    others: Mapping[int, Sample],
    what: Callable[[Sample], float] = attrgetter("seconds"),
) -> float | None:
    """How many times as long as the other, each compared within its own round; None without any."""
    found = [what(its[number]) / what(others[number]) for number in its.keys() & others.keys()]
    return median(found) if found else None


def table(rows: Iterable[Row], titles: Mapping[str, str]) -> str:
    """A Markdown table."""
    rows = list(rows)
    visited = any(one.sent for one in rows)
    head = ["", "seconds", "least to most", "times ours", "times the last row"]
    head += ["controller's CPU, s", *(["requests lost"] if visited else [])]
    lines = [line(head), line(["---", *["---:"] * (len(head) - 1)])]
    for one in rows:
        cells = [titles[one.contender], f"{one.seconds:.2f}", f"{one.least:.2f} to {one.most:.2f}"]
        cells += [f"{times:.1f}" if times else "" for times in (one.of_ours, one.of_last)]
        cells += [f"{one.cpu_seconds:.2f}"]
        lines.append(line([*cells, *([f"{one.failed} of {one.sent}"] if visited else [])]))
    return "\n".join(lines)


def line(cells: Iterable[str]) -> str:
    """A row of a Markdown table."""
    return f"| {' | '.join(cells)} |"
