"""Hosts for the tests: one lab a session, and a site that is deployed once and gone back to."""

import os
import signal
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import pytest

from tests.e2e.controller import Controller
from tests.e2e.load import told_in
from tests.e2e.matrix import Results, share
from tests.e2e.threats import Report
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab

DEPLOYED = "deployed"
"""The snapshot of a host on which the sample project is live."""


def pytest_configure(config: pytest.Config) -> None:
    """Have the matrices and the threats tell their results, however the run was started."""
    # A shell without job control has what it starts in the background ignore Ctrl-C, and so would
    # all that the tests start.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.pluginmanager.register(Results(config))
    config.pluginmanager.register(Report())


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave most of what takes long to the matrix: that of other files each time."""
    those = [item for item in items if item.get_closest_marker("long")]
    now = share((item.path for item in those), parts=10)
    for item in those:
        item.add_marker(pytest.mark.sample if item.path in now else pytest.mark.matrix)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how visitors fared."""
    for line in told_in(chain.from_iterable(terminalreporter.stats.values())):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The lab of the session, whose hosts stay: so each file has names of its own for them."""
    # DJANGO_LAB lets two runs on one machine be apart: it names another lab and its network.
    name, subnet = os.environ.get("DJANGO_LAB", "test:10.99.1").split(":")
    # Each of the processes that share a run has a lab of its own, with the next network.
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    start, _, third = subnet.rpartition(".")
    with Lab(f"{name}{worker or ''}", subnet=f"{start}.{int(third) + worker}") as lab:
        yield lab


@pytest.fixture
def controller(lab: Lab, tmp_path: Path) -> Callable[..., Controller]:
    """Make a controller of some hosts."""

    def make(*hosts: Host) -> Controller:
        return Controller(tmp_path, lab, hosts)

    return make


@pytest.fixture(scope="session")
def deployed_web(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Host:
    """A Debian 12 host with the sample project live, in whatever state tests left it."""
    host = lab.host("web")
    Controller(tmp_path_factory.mktemp("deployed"), lab, [host]).apply()
    host.snapshot(DEPLOYED)
    return host


@pytest.fixture(scope="module")
def standing(deployed_web: Host) -> Host:
    """A host with the project live, in whatever release the test before has left it."""
    deployed_web.reset(to=DEPLOYED)
    wait_for_site(deployed_web)
    return deployed_web


@pytest.fixture
def web(deployed_web: Host) -> Host:
    """A Debian 12 host with the sample project live, as freshly deployed."""
    deployed_web.reset(to=DEPLOYED)
    wait_for_site(deployed_web)
    return deployed_web


@pytest.fixture
def site(web: Host, controller: Callable[..., Controller]) -> Controller:
    """The controller of that host; its settings are those that are live."""
    return controller(web)
