"""How long a plan of nothing takes."""

import time
from collections.abc import Callable
from statistics import median

import pytest

from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.http import get, wait_for
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

ROUNDS = 7
MOST = 2.5


def test_a_plan_of_nothing_takes_little_more_than_to_say_true(
    lab: Lab,
    deployed_web: Host,
    controller: Callable[..., Controller],
    capsys: pytest.CaptureFixture[str],
) -> None:
    hosts = lab.hosts(3, layer=DEPLOYED, prefix="speed")
    wait_for("the sites are up", lambda: all(get(one, "/health").status == 200 for one in hosts))
    site = controller(*hosts)
    assert site.plan() == []

    def seconds(*words: str) -> float:
        started = time.monotonic()
        site.pyinfra(*words)
        return time.monotonic() - started

    # In turns, so that whatever else the machine does meanwhile hits both alike.
    both = [(seconds("exec", "--", "true"), seconds("deploy.py", "--dry")) for _ in range(ROUNDS)]
    true, plan = (median(column) for column in zip(*both, strict=True))
    with capsys.disabled():
        print(
            f"\n{len(hosts)} hosts, nothing to change: plan {plan:.2f} s, "
            f"exec -- true {true:.2f} s, ratio {plan / true:.2f} (at most {MOST})"
        )
    assert plan / true <= MOST
    for host in hosts:
        host.power_off()
