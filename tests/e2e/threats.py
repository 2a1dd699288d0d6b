"""What attackers try and what holds it: told by the tests that try it, and written to the docs."""

from collections.abc import Iterable
from dataclasses import asdict, astuple, dataclass
from typing import Any

import pytest

from tests.e2e.controller import REPOSITORY
from tests.e2e.matrix import IS_WORKER

PAGE = REPOSITORY / "docs" / "threats.md"
MARK = "threat"
ATTACKERS = (
    "project's user",
    "another account",
    "another project's user",
    "visitor",
    "repository",
    "neighbour on the controller",
)
"""Who attacks, in the page's order. `repository` is whoever can write the deployed code."""

HEAD = """\
# Threats

This page lists who may attack a server that is deployed to, or the machine that deploys, what
they may try, and what prevents it. Each row is a test that tries it on hosts of the lab. Most are
in `tests/e2e/test_threats.py`; those about HTTPS are in `tests/e2e/test_tls.py`, about uploads in
`tests/e2e/test_projects.py`, about several projects on a server in `tests/e2e/test_sites.py`,
about balancers in `tests/e2e/test_balancer.py` and `tests/e2e/test_sites_front.py`, about a closed
site in `tests/e2e/test_maintenance.py`, about a server's firewall in
`tests/e2e/test_server_settings.py`, about its Pythons in `tests/e2e/test_interpreter.py`, about
uWSGI in `tests/e2e/test_uwsgi.py`, and about leaving in `tests/e2e/test_remove.py`. A run of all of
them writes the page, and a unit test fails if it lacks a row.
"""
COLUMNS = "| tried | what holds it | test |\n| --- | --- | --- |"


@dataclass(frozen=True)
class Threat:
    """A row of the page: the arguments of a test's `@pytest.mark.threat(…)`."""

    attacker: str
    """One of ATTACKERS."""
    tried: str
    holds: str
    test: str = ""
    """The name of the test."""

    @classmethod
    def of(cls, name: str, marks: Iterable[Any]) -> "Threat | None":
        """The row that a test stands for.

        Args:
            name: the test's, without parameters.
            marks: of pytest's, on the test.
        """
        for mark in marks:
            if mark.name == MARK:
                attacker, tried, holds = mark.args
                return cls(attacker, tried, holds, name)
        return None


def page(threats: Iterable[Threat]) -> str:
    """The text of the page."""
    rows = sorted(set(threats), key=astuple)
    sections = [HEAD]
    for attacker in ATTACKERS:
        lines = [
            f"| {row.tried} | {row.holds} | `{row.test}` |"
            for row in rows
            if row.attacker == attacker
        ]
        if lines:
            title = attacker[0].upper() + attacker[1:]
            sections.append("\n".join([f"## {title}", "", COLUMNS, *lines, ""]))
    return "\n".join(sections)


class Report:
    """Collects what was tried, also by other processes, and writes the page when all was held."""

    def __init__(self) -> None:
        self.size = 0
        self.held: dict[str, Threat] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Have each test's report tell its row."""
        rows = [(item, _threat(item)) for item in items]
        there = [(item, row) for item, row in rows if row]
        for item, row in there:
            item.user_properties.append((MARK, {"size": len(there), **asdict(row)}))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what held."""
        if report.when != "call" or not report.passed or IS_WORKER:
            return
        for name, value in report.user_properties:
            if name == MARK and isinstance(value, dict):
                self.size = int(value["size"])
                row = {key: str(text) for key, text in value.items() if key != "size"}
                self.held[report.nodeid] = Threat(**row)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell how many held; write the page when the run tried every row there is."""
        if not self.size:
            return
        terminalreporter.write_line(f"Threats: {len(self.held)} of {self.size} held")
        if len(self.held) == self.size and {row.test for row in self.held.values()} == declared():
            PAGE.write_text(page(self.held.values()))


def _threat(item: pytest.Item) -> Threat | None:
    return Threat.of(getattr(item, "originalname", item.name), item.iter_markers())


def rows() -> list[Threat]:
    """All rows that tests declare."""
    from tests.e2e import (
        test_balancer,
        test_interpreter,
        test_maintenance,
        test_projects,
        test_remove,
        test_server_settings,
        test_sites,
        test_sites_front,
        test_threats,
        test_tls,
        test_uwsgi,
    )

    found = [
        Threat.of(name, getattr(test, "pytestmark", ()))
        for module in (
            test_balancer,
            test_interpreter,
            test_maintenance,
            test_projects,
            test_remove,
            test_server_settings,
            test_sites,
            test_sites_front,
            test_threats,
            test_tls,
            test_uwsgi,
        )
        for name, test in vars(module).items()
        if name.startswith("test_")
    ]
    return [row for row in found if row]


def declared() -> set[str]:
    """The names of the tests with a row."""
    return {row.test for row in rows()}
