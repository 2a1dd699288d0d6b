"""Several projects behind one balancer: none costs another a request or touches what is its own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.e2e.acme import Authority
from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.http import Secure, get, over_ipv6, release_at, wait_for
from tests.e2e.load import Visitors
from tests.e2e.test_sites import SHOP, at_once, of_shop
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.long]

NAME = "fooproject.se"


@dataclass(frozen=True)
class Fronted:
    """Two projects on one app host, behind one balancer."""

    lb: Host
    app: Host
    first: Controller
    shop: Controller


@pytest.fixture(scope="module")
def fronted(
    lab: Lab, deployed_web: Host, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fronted]:
    """A balancer over one project, to which a second has come."""
    lb, app = lab.host("shared-lb"), lab.host("fronted", layer=DEPLOYED)
    wait_for_site(app)

    def controller(folder: Path) -> Controller:
        made = Controller(folder, lab, [lb, app])
        made.groups = {"lb": [lb], "app": [app]}
        return made

    first = controller(tmp_path_factory.mktemp("first"))
    shop = of_shop(controller(tmp_path_factory.mktemp("shop")))
    first.apply()
    wait_for("the balancer has an app host", lambda: release_at(lb))
    planned = shop.plan()
    with Visitors(lb) as tally:
        changed = shop.apply().changed
    assert sorted(planned) == sorted(changed)
    assert (tally.failed, shop.plan(), first.plan()) == ([], [], [])
    yield Fronted(lb, app, first, shop)
    for host in (lb, app):
        host.power_off()


def test_each_site_is_balanced_under_its_name(fronted: Fronted, lab: Lab) -> None:
    answers = [get(fronted.lb, "/health", Host=name) for name in ("fooproject.se", SHOP)]
    assert [one.status for one in answers] == [200, 200]
    assert len({one.json["release"] for one in answers}) == 2
    # For a name that nobody has, the first one answers: Django does not know it.
    assert get(fronted.lb, "/health", Host="nobodys.example").status == 400
    by_ipv6 = get(over_ipv6(fronted.lb, lab), "/health", Host=SHOP)
    assert by_ipv6.json["release"] == answers[1].json["release"]
    told = json.loads(fronted.first.pyinfra("status.py", "--dry", "--json", check=False).stdout)
    assert told["hosts"]["shared-lb"]["beside"] == {"shop": [SHOP]}


def test_two_rollouts_at_once_lose_nothing(fronted: Fronted) -> None:
    for controller in (fronted.first, fronted.shop):
        (controller.project() / "note.txt").write_text("another release")
    with Visitors(fronted.lb) as ours, Visitors(fronted.lb, name=SHOP) as theirs:
        runs = at_once(fronted.first.apply, fronted.shop.apply)
    assert [run.returncode for run in runs] == [0, 0]
    assert (ours.failed, theirs.failed) == ([], [])
    assert (len(ours.releases), len(theirs.releases)) == (2, 2)
    assert (fronted.first.plan(), fronted.shop.plan()) == ([], [])


@pytest.mark.threat(
    "visitor",
    "come to one project's app by another's site, whose limits hold then, also while it is closed: "
    "the first line of the request names one host, and the header Host another",
    "the app host is told of the host that the balancer chose the site by, and so is Django",
)
def test_nobody_comes_to_a_closed_site_by_anothers(fronted: Fronted) -> None:
    close = ("maintenance.py", "-y", "--json", "--data")
    fronted.shop.pyinfra(*close, "on=True")
    try:
        wait_for("it is closed", lambda: get(fronted.lb, Host=SHOP).status == 503)
        ours = release_at(fronted.lb)
        assert get(fronted.lb, f"http://{NAME}/health", Host=SHOP).json["release"] == ours
        assert get(fronted.lb, f"http://{NAME}/api/headers", Host=SHOP).json["Host"] == NAME
        assert get(fronted.lb, f"http://{SHOP}/", Host=NAME).status == 503
    finally:
        fronted.shop.pyinfra(*close, "on=False")
    wait_for("it is open", lambda: get(fronted.lb, Host=SHOP).status == 200)
    with_port = f"{SHOP}:8080"
    assert get(fronted.lb, "/api/headers", Host=with_port).json["Host"] == with_port


def test_one_that_closes_for_a_while_closes_no_other(fronted: Fronted) -> None:
    close = ("maintenance.py", "-y", "--json", "--data")
    with Visitors(fronted.lb) as tally:
        fronted.shop.pyinfra(*close, "on=True")
        wait_for("it is closed", lambda: get(fronted.lb, Host=SHOP).status == 503)
        fronted.shop.pyinfra(*close, "on=False")
        wait_for("it is open", lambda: get(fronted.lb, Host=SHOP).status == 200)
    assert tally.failed == []


def test_what_is_another_projects_on_the_balancer_is_refused(
    fronted: Fronted, lab: Lab, tmp_path: Path
) -> None:
    third = of_shop(Controller(tmp_path, lab, [fronted.lb, fronted.app]))
    third.groups = {"lb": [fronted.lb], "app": [fronted.app]}
    third.data |= {"project": "third", "program": "third", "default_server": True}
    third.data |= {"server_name": ["third.example", SHOP], "bind": "127.0.0.1:8002"}
    told = third.pyinfra("deploy.py", "--dry", "--limit", "lb", check=False)
    assert told.returncode != 0
    for line in (
        "default_server: fooproject is the default site on this host; set default_server = False.",
        f'server_name "{SHOP}" belongs to shop on this host',
        "Nothing was changed.",
    ):
        assert line in told.output


def test_one_that_leaves_costs_the_other_no_request(fronted: Fronted) -> None:
    remove = ("remove.py", "--data", "everything=True", "--json")
    planned = fronted.shop.pyinfra(*remove, "--dry").planned
    with Visitors(fronted.lb) as tally:
        changed = fronted.shop.pyinfra(*remove, "-y").changed
    assert sorted(planned) == sorted(changed)
    assert tally.failed == []
    assert (fronted.shop.pyinfra(*remove, "--dry").planned, fronted.first.plan()) == ([], [])
    traces = "find /etc /home /usr/local /var -name 'shop*' | sort"
    assert fronted.lb.enter(traces).stdout == ""


def test_each_has_a_certificate_of_its_own(fronted: Fronted, lab: Lab) -> None:
    """Of a CA, on the balancer that they share; and one that leaves takes its own along alone."""
    authority = Authority(lab.host("shared-ca"))
    authority.start()
    authority.trusted_by(fronted.lb)
    authority.answer_names({NAME: fronted.lb.address, SHOP: fronted.lb.address})
    secure = [Secure(authority.root_certificate, name) for name in (NAME, SHOP)]

    def releases() -> list[str]:
        return [get(fronted.lb, "/health", secure=one).json["release"] for one in secure]

    for controller in (fronted.first, fronted.shop):
        controller.data |= {"tls": "acme", "tls_server": authority.directory_url}
        planned = controller.plan()
        # What hosts do beside each other has no order.
        assert sorted(planned) == sorted(controller.apply().changed)
    assert (fronted.first.plan(), fronted.shop.plan()) == ([], [])
    assert len(set(releases())) == 2
    before = fronted.lb.enter("ls /etc/letsencrypt/live | sort").stdout.split()
    assert before == ["README", "fooproject", "shop"]
    with Visitors(fronted.lb, secure=secure[0]) as tally:
        (fronted.shop.project() / "note.txt").write_text("one more release")
        fronted.shop.apply()
        fronted.lb.enter("certbot renew --force-renewal --no-random-sleep-on-renew", timeout=120)
        fronted.shop.pyinfra("remove.py", "-y", "--data", "everything=True")
    assert tally.failed == []
    assert fronted.first.plan() == []
    left = fronted.lb.enter("ls /etc/letsencrypt/live | sort").stdout.split()
    assert left == ["README", "fooproject"]
