"""docs/bench.md and its chart from results."""

import shlex
import subprocess
from statistics import median

from jinja2 import Environment, StrictUndefined

from bench.contenders.tools import Tools
from bench.kinds import KINDS, TITLES
from bench.measuring import REPOSITORY, CostError
from bench.results import Results, rows, table
from bench.visits import visits

PAGE = REPOSITORY / "docs" / "bench.md"
CHART = REPOSITORY / "docs" / "bench.svg"
TEMPLATE = REPOSITORY / "bench" / "page.md.j2"


def page(results: Results) -> str:
    """The page: what was measured, how, and what it does not say."""
    others = [one.others for one in results.samples]
    found = {kind: rows(results.samples, kind, TITLES) for kind in KINDS}
    environment = Environment(undefined=StrictUndefined, autoescape=False)  # noqa: S701 - Markdown
    return (
        environment.from_string(TEMPLATE.read_text()).render(
            made=results.made,
            others=f"{median(others):.1f} cores at the median, {max(others):.1f} at most",
            samples={
                kind: max((one.samples for one in its), default=0) for kind, its in found.items()
            },
            tables={kind: table(its, TITLES) for kind, its in found.items()},
            visitors=visits(results.samples),
        )
        + "\n"
    )


def write(results: Results, installed: Tools) -> None:
    """Have the page and its chart say what was measured."""
    PAGE.write_text(page(results))
    command = [
        str(installed.programs / "python"),
        "-m",
        "bench.chart",
        str(results.path),
        str(CHART),
    ]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    if done.returncode:
        raise CostError(f"{shlex.join(command)}: {done.stderr[-2000:]}")
    print(f"{PAGE.relative_to(REPOSITORY)}, {CHART.relative_to(REPOSITORY)}, {results.path}")
