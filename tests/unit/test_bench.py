"""What a bench makes of its samples."""

from pathlib import Path

import pytest
from jinja2 import Template

from bench import sameness
from bench.contenders.contender import CONTENDERS
from bench.kinds import KINDS, SHORT, TITLES
from bench.measuring import CostError
from bench.page import page
from bench.results import Results, Sample, read, rows, table
from tests.unit.hosts import sample_target


def sample(contender: str, number: int, seconds: float, kind: str = "nothing") -> Sample:
    return Sample(kind, contender, number, seconds, cpu_seconds=seconds / 2, others=0.5)


SAMPLES = [
    # The machine was slow in the second round, for all alike.
    *(sample("ours", number, seconds) for number, seconds in enumerate((1.0, 4.0, 2.0))),
    *(sample("ansible", number, seconds) for number, seconds in enumerate((10.0, 44.0, 18.0))),
    *(sample("floor", number, seconds) for number, seconds in enumerate((0.5, 2.0, 0.8))),
    sample("ours", 0, 6.0, "release"),
]


def test_ratios_are_of_the_same_round() -> None:
    ours, ansible, floor = rows(SAMPLES, "nothing", TITLES)
    assert (ours.seconds, ours.least, ours.most, ours.of_ours) == (2.0, 1.0, 4.0, 1.0)
    assert (ansible.seconds, ansible.samples, ansible.cpu_seconds) == (18.0, 3, 9.0)
    assert ansible.of_ours == pytest.approx(10.0)
    assert floor.of_ours == pytest.approx(0.5)
    assert (ours.of_last, ansible.of_last, floor.of_last) == pytest.approx((2.0, 22.0, 1.0))


def test_a_round_without_ours_has_no_ratio() -> None:
    more = [*SAMPLES, sample("ansible", 3, 99.0), sample("stock", 3, 9.0)]
    found = {one.contender: one for one in rows(more, "nothing", TITLES)}
    assert found["ansible"].of_ours == pytest.approx(10.0)
    assert found["ansible"].samples == 4
    assert (found["stock"].of_ours, found["stock"].seconds) == (None, 9.0)
    assert "| 9.00 to 9.00 |  |  | 4.50 |" in table(found.values(), TITLES)
    assert rows(more, "bare", TITLES) == []


def test_the_table_has_the_order_of_the_titles_and_the_floor_at_its_end() -> None:
    lines = table(rows(reversed(SAMPLES), "nothing", TITLES), TITLES).splitlines()
    assert [line.split(" | ")[0] for line in lines[2:]] == [
        f"| {TITLES[name]}" for name in ("ours", "ansible", "floor")
    ]
    assert lines[3].endswith("| 18.00 | 10.00 to 44.00 | 10.0 | 22.0 | 9.00 |")
    assert lines[-1].endswith("| 0.80 | 0.50 to 2.00 | 0.5 | 1.0 | 0.40 |")


def test_requests_are_told_of_where_there_were_visitors() -> None:
    visited = [
        Sample("release", "ours", 0, 6.0, 1.0, 0.1, sent=60),
        Sample("release", "ansible", 0, 12.0, 3.0, 0.1, sent=100, failed=20),
        Sample("release", "ansible", 1, 12.0, 3.0, 0.1, sent=110, failed=22),
    ]
    head, _, *lines = table(rows(visited, "release", TITLES), TITLES).splitlines()
    assert head.endswith("| requests lost |")
    assert [line.split(" | ")[-1] for line in lines] == ["0 of 60 |", "42 of 210 |"]
    assert "lost" not in table(rows(SAMPLES, "nothing", TITLES), TITLES)


def test_a_run_that_was_cut_goes_on(tmp_path: Path) -> None:
    results = Results(tmp_path / "results.json", {"date": "today"})
    results.add(SAMPLES[0])
    again = read(tmp_path / "results.json")
    assert again == results
    assert again.has("nothing", "ours", 0)
    assert not again.has("nothing", "ours", 1)
    assert not again.has("release", "ours", 0)
    assert read(tmp_path / "none.json").samples == []


def test_the_page_tells_what_was_measured_and_where() -> None:
    names = ("date", "machine", "commit", "pyinfra", "ansible-core", "mitogen", "Python")
    made = {name: f"its {name}" for name in names}
    text = page(Results(Path(), made, SAMPLES))
    assert all(value in text for value in made.values())
    assert table(rows(SAMPLES, "nothing", TITLES), TITLES) in text
    assert "0.5 cores at the median" in text
    assert text.count("Not measured in this run.") == 2


def test_everyone_of_the_chart_has_a_title() -> None:
    assert SHORT.keys() <= TITLES.keys()
    assert set(KINDS) == {"nothing", "release", "bare"}


def test_what_differs_is_named() -> None:
    first = {"page": "a\nb\nc", "within": "x"}
    sameness.compare(first, dict(first), "one")
    with pytest.raises(CostError, match="one: page: 'B' in place of 'b'"):
        sameness.compare(first, {**first, "page": "a\nB\nc"}, "one")
    # As many lines, in another order or more than once, are not the same.
    with pytest.raises(CostError, match="one: page"):
        sameness.compare(first, {**first, "page": "a\nb\nc\nc"}, "one")


def test_contenders_have_ours_where_the_program_does_not_differ_by_design() -> None:
    def kept(text: str) -> list[str]:
        return [
            line for line in text.splitlines() if not line.startswith(("command=", "environment="))
        ]

    template = Template((CONTENDERS / "templates" / "program.conf.j2").read_text())
    theirs = template.render(project="fooproject", release="r", secret_key="s")
    assert kept(theirs) == kept(sample_target().files.program.content)
