"""What the samples of visitors say."""

from collections.abc import Iterable
from operator import attrgetter
from statistics import median

from bench.kinds import VISITED, VISITED_AT
from bench.results import Sample, line, ratio, rounds

HEAD = ["", "", "p50, ms", "p99, ms", "requests a second"]
COMPARED = [f"{what}, times by hand's" for what in ("p50", "p99", "requests")]
VALUES = [attrgetter(name) for name in ("seconds", "p99", "per_second")]


def visits(samples: Iterable[Sample]) -> str:
    """A Markdown table, ours compared with by hand within each round; nothing without samples."""
    samples = [one for one in samples if one.kind in VISITED]
    if not samples:
        return ""
    head = [*HEAD, *COMPARED]
    lines = [line(head), line(["---", "---", *["---:"] * (len(head) - 2)])]
    for kind, title in VISITED.items():
        found = rounds(samples, kind)
        for name in filter(found.__contains__, VISITED_AT):
            its = found[name]
            p50, p99, per_second = (median(map(value, its.values())) for value in VALUES)
            cells = [title, VISITED_AT[name], f"{p50 * 1e3:.3g}", f"{p99 * 1e3:.3g}"]
            cells.append(f"{per_second:.0f}")
            others = found.get("hand", {}) if name == "ours" else {}
            times = (ratio(its, others, value) for value in VALUES)
            lines.append(line([*cells, *(f"{one:.2f}" if one else "" for one in times)]))
    return "\n".join(lines)
