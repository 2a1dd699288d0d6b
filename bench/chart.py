"""The chart of a bench's results: `python -m bench.chart RESULTS.json CHART.svg`.

It runs in the virtualenv of the extra `bench`, and needs nothing but that and results.
"""

import sys
from pathlib import Path

import pygal
from pygal.style import Style

from bench.kinds import KINDS, SHORT
from bench.results import read, rows


def main(results: str, chart: str) -> None:
    """Draw: bars of medians, a group for each kind."""
    samples = read(Path(results)).samples
    found = {kind: {one.contender: one for one in rows(samples, kind, SHORT)} for kind in KINDS}
    bars = pygal.HorizontalBar(
        # No script that a page would fetch from elsewhere.
        js=(),
        width=800,
        height=460,
        legend_at_bottom=True,
        truncate_legend=-1,
        legend_at_bottom_columns=3,
        print_values=True,
        print_zeroes=False,
        formatter=lambda value: f"{value:.1f} s",
        style=Style(
            background="#ffffff",
            plot_background="#ffffff",
            colors=("#0b6e4f", "#4c78a8", "#f2a65a", "#c44536", "#999999"),
            font_family="sans-serif",
            value_font_size=11,
            label_font_size=12,
            legend_font_size=12,
        ),
        title="Seconds, the median",
    )
    # The first is drawn at the bottom.
    bars.x_labels = list(reversed(KINDS.values()))
    for contender, title in SHORT.items():
        values = [found[kind].get(contender) for kind in reversed(KINDS)]
        bars.add(title, [one.seconds if one else None for one in values])
    bars.render_to_file(chart)


if __name__ == "__main__":
    main(*sys.argv[1:])
