"""The group `lb`: Nginx that balances over the app hosts, with load running through it."""

import json
import re
import textwrap
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest

from tests.e2e.controller import Controller, Run
from tests.e2e.faults import assert_told
from tests.e2e.http import get, post, release_at, wait_for
from tests.e2e.load import LOAD, Tally, Visitors, entry, page, slow, styled
from tests.e2e.rolling import break_switch, mend, serve
from tests.e2e.untouched import Untouched
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

INSTALL = "Packages | Install nginx, logrotate"
ASIDE = "Balancer | Put aside what else serves fooproject.se"
BALANCE = "Balancer | Balance fooproject.se over *"
RUN = "Balancer | Run Nginx with its configuration"
DECLARED = "balancing"
"""The snapshot of the balancer as declared."""
SILENCE_SECONDS = 65
"""After which Nginx takes a host for dead that took a request and answers nothing."""


@dataclass
class Fleet:
    site: Controller
    lb: Host
    db: Host
    apps: list[Host]
    planned: list[str]
    applied: Run


@pytest.fixture(scope="module")
def deployed(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Four app hosts, their database, and a bare host in front of them."""
    lb, db, first = lab.host("lb", base="bare"), lab.host("store"), lab.host("site1")
    site = Controller(tmp_path_factory.mktemp("fleet"), lab, [lb, db, first])
    site.groups = {"lb": [lb], "app": [first], "db": [db]}
    site.use_database()
    planned = site.plan()
    applied = site.apply()
    first.snapshot("first")
    apps = [first, *(lab.host(f"site{number}", layer="first") for number in (2, 3, 4))]
    site.hosts = [lb, db, *apps]
    site.groups = {"lb": [lb], "app": apps, "db": [db]}
    site.apply()
    lb.snapshot(DECLARED)
    yield Fleet(site, lb, db, apps, planned, applied)
    for host in site.hosts:
        host.power_off()


@pytest.fixture
def fleet(deployed: Fleet, request: pytest.FixtureRequest) -> Fleet:
    """The same, with a release that no host has, and a balancer that knows nothing bad of any."""
    for host in deployed.apps:
        host.start()
        mend(host)
    deployed.lb.reset(to=DECLARED)
    for host in (*deployed.apps, deployed.lb):
        wait_for(f"{host.name} is up", lambda host=host: release_at(host), 60)  # type: ignore[misc]
    style = deployed.site.project() / "guestbook" / "static" / "guestbook" / "style.css"
    style.write_text(f"/* {request.node.name} */ body {{ color: black }}")
    return deployed


def kinds(operations: list[str]) -> list[str]:
    return [re.sub(r"(?<=Balance fooproject.se over ).*", "*", name) for name in operations]


def balancing(operations: list[str]) -> list[str]:
    return [name for name in kinds(operations) if name.startswith("Balancer")]


def entries(db: Host, tokens: list[str]) -> list[str]:
    """Those of the tokens that are in the database, as often as they are."""
    select = "SELECT token FROM guestbook_entry"
    psql = "cd /; runuser -u postgres -- psql -XAtq -d fooproject -f -"
    wanted = set(tokens)
    return [token for token in db.enter(psql, input=select).stdout.split() if token in wanted]


def assert_nothing_lost(fleet: Fleet, request: pytest.FixtureRequest, tally: Tally) -> None:
    request.node.user_properties.append((LOAD, f"{request.node.name}: {tally}"))
    assert tally.failed == []
    assert sorted(entries(fleet.db, tally.tokens)) == sorted(tally.tokens)


def asked(host: Host) -> int:
    """How many requests it has had."""
    return int(host.enter("wc -l < /var/log/fooproject/nginx.access.log").stdout)


# As declared


def test_what_is_planned_is_what_changes(deployed: Fleet) -> None:
    assert balancing(deployed.planned) == [BALANCE, RUN]
    # What hosts do beside each other has no order.
    assert sorted(deployed.applied.changed) == sorted(deployed.planned)
    assert any(INSTALL in name.split(" / ") for name in deployed.planned)
    # Visitors are sent to app hosts that serve.
    assert kinds(deployed.planned)[-2:] == [BALANCE, RUN]
    assert deployed.site.plan() == []


def test_visitors_are_spread_over_the_app_hosts(fleet: Fleet) -> None:
    before = [asked(host) for host in fleet.apps]
    for _ in range(12):
        assert get(fleet.lb).status == 200
    assert [asked(host) - count for host, count in zip(fleet.apps, before, strict=True)] == [3] * 4
    told = fleet.lb.enter("id fooproject; ls -d /home/fooproject /var/log/fooproject", check=False)
    assert told.stdout == ""


def test_django_sees_the_visitor_and_takes_nobodys_word_for_it(fleet: Fleet) -> None:
    visitor = f"{fleet.site.lab.subnet}.1"
    forged = "192.0.2.66"
    for host in (fleet.lb, fleet.apps[0]):
        seen = get(host, "/api/headers", X_Forwarded_For=forged, X_Real_IP=forged).json
        assert (seen["X-Forwarded-For"], seen["X-Real-IP"]) == (visitor, visitor)
        assert seen["Host"] == "fooproject.se"
    ask = textwrap.dedent("""\
        import sys, urllib.request
        headers = {"Host": "fooproject.se", "X-Forwarded-For": "192.0.2.66"}
        request = urllib.request.Request(f"http://{sys.argv[1]}/api/headers", headers=headers)
        print(urllib.request.urlopen(request).read().decode())
    """)
    neighbour = fleet.db.enter(f"python3 - {fleet.apps[0].address}", input=ask).stdout
    assert json.loads(neighbour)["X-Forwarded-For"] == fleet.db.address
    log = fleet.apps[0].enter("tail -n 3 /var/log/fooproject/nginx.access.log").stdout
    assert [line.split()[0] for line in log.splitlines()][-2:] == [visitor, fleet.db.address]


def test_it_is_back_after_a_boot(fleet: Fleet) -> None:
    fleet.lb.reboot()
    wait_for("the site is up", lambda: get(fleet.lb).status == 200)
    assert balancing(fleet.site.plan()) == []


def test_the_balancer_closes_the_site_and_releases_go_on(fleet: Fleet) -> None:
    close = ["maintenance.py", "-y", "--json", "--data"]
    run = fleet.site.pyinfra(*close, "on=True")
    assert run.changed == ["Maintenance | Close fooproject.se", "Maintenance | Run Nginx with it"]
    # Workers that leave may still take a connection for a moment.
    wait_for("it is closed", lambda: get(fleet.lb).status == 503)
    assert get(fleet.apps[0]).status == 200
    assert balancing(fleet.site.plan()) == []
    fleet.site.pyinfra(*close, "on=False")
    wait_for("it is open", lambda: get(fleet.lb).status == 200)


def test_status_tells_of_it(deployed: Fleet) -> None:
    told = deployed.site.pyinfra("status.py").stdout
    servers = ", ".join(host.address for host in deployed.apps)
    assert f"lb\n    balancer active\n    over     {servers}\n    drift    none\n" in told


# Drift


@dataclass(frozen=True)
class Drift:
    """What somebody does on the balancer, as root, and what puts it right."""

    name: str
    script: str
    repaired_by: list[str]


SITE = "/etc/nginx/sites-available/default"
RELOAD = """
old=$(pgrep -P "$(cat /run/nginx.pid)"); nginx -s reload
for pid in $old; do while [ -e "/proc/$pid" ]; do sleep 0.05; done; done
"""
DRIFTS = [
    Drift(
        "a server taken out",
        f"sed -i '0,/max_fails/{{/max_fails/d}}' {SITE}; {RELOAD}",
        [BALANCE, RUN],
    ),
    Drift("stopped and disabled", "systemctl disable -q --now nginx", [RUN]),
]
MORE_DRIFTS = [
    Drift("another configuration that is loaded", "touch /etc/nginx/conf.d/x.conf", [RUN]),
    Drift(
        "another site for our names",
        "echo 'server { listen 80; server_name fooproject.se; }' > /etc/nginx/sites-enabled/x",
        [ASIDE, RUN],
    ),
    Drift("not loaded", f"sed -i s/2s/9s/ {SITE}; {RELOAD} sed -i s/9s/2s/ {SITE}", [RUN]),
    Drift("killed", "systemctl kill -s KILL nginx", [RUN]),
    Drift("purged", "apt-get purge -qy nginx nginx-common > /dev/null", [INSTALL, BALANCE, RUN]),
]


@pytest.mark.parametrize(
    "drift",
    [*DRIFTS, *(pytest.param(drift, marks=pytest.mark.matrix) for drift in MORE_DRIFTS)],
    ids=lambda drift: drift.name,
)
def test_a_drift_is_planned_exactly_and_put_right(fleet: Fleet, drift: Drift) -> None:
    fleet.lb.enter(f"set -e; {drift.script}", timeout=200)
    only = ["--limit", "lb"]
    with Untouched(fleet.lb):
        planned = fleet.site.plan(*only)
    assert kinds(planned) == drift.repaired_by
    assert fleet.site.apply(*only).changed == planned
    assert fleet.site.plan(*only) == []
    assert get(fleet.lb).status == 200


# Under load


def test_a_rollout_loses_nothing(fleet: Fleet, request: pytest.FixtureRequest) -> None:
    old = serve(fleet.apps)
    with Visitors(fleet.lb, styled, styled) as tally:
        fleet.site.apply()
    new = serve(fleet.apps)
    assert len(set(new)) == 1
    assert new != old
    assert_nothing_lost(fleet, request, tally)
    assert fleet.site.plan() == []


@pytest.mark.matrix
def test_a_rollout_that_fails_loses_nothing(fleet: Fleet, request: pytest.FixtureRequest) -> None:
    before = serve(fleet.apps)
    break_switch(fleet.apps[3])
    with Visitors(fleet.lb, styled, styled) as tally:
        run = fleet.site.apply(check=False)
    assert_told(run, "failed in wave 3 of 3, on site4:")
    assert serve(fleet.apps) == before
    assert_nothing_lost(fleet, request, tally)


def test_an_app_host_that_boots_loses_nothing(fleet: Fleet, request: pytest.FixtureRequest) -> None:
    site2 = fleet.apps[1]
    # Longer than the balancer passes over it: a Nginx that did not wait would be sent requests that
    # it can hand on to nobody.
    program = "/home/fooproject/fooproject/with-env"
    site2.enter(f"cp -p {program} /root/kept && sed -i '1a sleep 15' {program}")
    with Visitors(fleet.lb, styled) as tally:
        site2.reboot()
        before = asked(site2)
        wait_for("site2 has visitors", lambda: asked(site2) > before + 10, 60)
    site2.enter(f"cp -p /root/kept {program}")
    assert_nothing_lost(fleet, request, tally)


@pytest.mark.long
def test_an_app_host_without_power_loses_what_it_had_in_hand_and_no_get(
    fleet: Fleet, request: pytest.FixtureRequest
) -> None:
    writers = [entry, entry]
    patience = 2 * SILENCE_SECONDS
    with (
        Visitors(fleet.lb, kinds=[page, page, slow, slow, styled], patience=patience) as readers,
        Visitors(fleet.lb, kinds=writers, patience=patience) as posts,
    ):
        fleet.apps[1].power_off()
        sent = readers.sent
        wait_for("the others are asked", lambda: readers.sent > sent + 100, 60)
        fleet.apps[1].start()
        before = asked(fleet.apps[1])
        wait_for("site2 has visitors", lambda: asked(fleet.apps[1]) > before + 10, 60)
    request.node.user_properties.append((LOAD, f"{request.node.name}: {readers}; {posts}"))
    assert readers.failed == []
    # Each that writes waits for its answer: so it had no more than one under way.
    assert len(posts.failed) <= len(writers)
    assert sorted(entries(fleet.db, posts.tokens)) == sorted(posts.tokens)


@pytest.mark.matrix
def test_an_app_host_more_or_less_is_followed(fleet: Fleet, request: pytest.FixtureRequest) -> None:
    site, [*apps, last] = fleet.site, fleet.apps
    site.apply()
    groups = dict(site.groups)
    with Visitors(fleet.lb) as tally:
        site.groups = {**groups, "app": apps}
        planned = site.plan()
        # Not before: until then it has visitors, who need the database.
        assert kinds(planned) == [BALANCE, RUN, "Database | Keep out former app hosts"]
        assert site.apply().changed == planned
        count = asked(last)
        site.groups = groups
        assert asked(last) == count
        site.apply()
        wait_for("site4 has visitors", lambda: asked(last) > count)
    assert_nothing_lost(fleet, request, tally)


# In place of Gunicorn: takes a request, writes it down, and closes the connection.
SWALLOW = textwrap.dedent("""\
    import socket, re
    with socket.create_server(("127.0.0.1", 8000)) as server, open("/root/swallowed", "a") as log:
        while True:
            connection, _ = server.accept()
            said = b""
            while b"\\r\\n\\r\\n" not in said or (b"POST" in said and b"}" not in said):
                said += connection.recv(10000)
            log.write(said.decode() + "\\n")
            log.flush()
            connection.close()
""")


def test_what_was_sent_is_asked_again_only_where_that_is_safe(fleet: Fleet) -> None:
    ill = fleet.apps[2]
    ill.write("/root/swallow", SWALLOW)
    ill.enter("supervisorctl stop django; systemd-run -q --unit=swallow python3 /root/swallow")
    wait_for("it listens", lambda: "8000" in ill.enter("ss -Hltn").stdout)
    tokens = [f"once-{number:02}" for number in range(16)]
    answers = {
        token: post(
            fleet.lb,
            "/api/entries",
            json.dumps({"token": token, "text": token}).encode(),
            Content_Type="application/json",
        ).status
        for token in tokens
    }
    swallowed = re.findall(r"once-\d\d(?=\", \"text)", ill.enter("cat /root/swallowed").stdout)
    # It takes requests, so it is not passed over.
    assert len(swallowed) == 4
    assert swallowed == [token for token, status in answers.items() if status == 502]
    assert set(entries(fleet.db, tokens)) == set(tokens) - set(swallowed)
    assert [get(fleet.lb, "/health").status for _ in range(16)] == [200] * 16
    assert ill.enter("cat /root/swallowed").stdout.count("GET /health") >= 4
    ill.enter("systemctl stop swallow; supervisorctl start django")


@pytest.mark.threat(
    "visitor",
    "have a balancer take app hosts for dead, by requests that each of them fails: an answer with "
    "headers too long, or one that costs a worker its life",
    "an app host counts as down while its Gunicorn takes no request, and for nothing else; and "
    "when all count as down, they are asked all the same",
)
def test_no_request_has_app_hosts_taken_for_dead(fleet: Fleet) -> None:
    for _ in range(16):
        assert get(fleet.lb, "/api/long-header?bytes=40000").status == 502
        assert get(fleet.lb).status == 200
    # As long as Django lets a redirect be, with some cookies.
    assert get(fleet.lb, "/api/long-header?bytes=28000").status == 200


def test_a_502_of_djangos_own_is_passed_on_and_asked_for_once(fleet: Fleet) -> None:
    before = sum(asked(host) for host in fleet.apps)
    for answer in (
        *(get(fleet.lb, "/api/bad-gateway") for _ in range(8)),
        *(post(fleet.lb, "/api/bad-gateway", b"{}") for _ in range(8)),
    ):
        assert (answer.status, answer.json["from"]) == (502, "a service that the app asks")
    assert sum(asked(host) for host in fleet.apps) - before == 16
    assert get(fleet.lb).status == 200


def test_hosts_without_a_gunicorn_are_passed_over_until_it_is_back(fleet: Fleet) -> None:
    ill = fleet.apps[2]
    ill.enter("supervisorctl stop django")
    before = asked(ill)
    for _ in range(24):
        assert get(fleet.lb).status == 200
    # It has one more after ten seconds, should this take as long.
    assert asked(ill) - before in {3, 4}
    for host in fleet.apps:
        host.enter("supervisorctl stop django || :")
    for path in ("/", "/static/nowhere.css") * 8:
        assert get(fleet.lb, path).status == 502
    for host in fleet.apps:
        host.enter("supervisorctl start django")
        wait_for(f"{host.name} is up", lambda host=host: release_at(host))  # type: ignore[misc]
    # All of them have been taken for dead just now.
    for _ in range(8):
        assert get(fleet.lb).status == 200


# Takes requests at two addresses, and answers none.
SILENT = textwrap.dedent("""\
    import select, socket
    servers = [socket.create_server(("127.0.0.1", port)) for port in (9001, 9002)]
    taken = []
    while True:
        for server in select.select(servers, [], [])[0]:
            taken.append(server.accept())
""")
TAKEOVER = f"""
echo 'upstream fooproject-understudy {{
    server 127.0.0.1:9001 max_fails=0; server 127.0.0.1:9002 backup max_fails=0;
}}' > /etc/nginx/conf.d/fooproject-understudy.conf
cp -p {SITE} /root/site
to='proxy_pass http://fooproject-understudy; proxy_read_timeout 3s;'
sed -i "s#proxy_pass http://127.0.0.1:8000;#$to#" {SITE}
{RELOAD}
"""


@pytest.mark.long
def test_an_app_host_in_a_takeover_makes_a_slow_request_wait_for_one_answer_alone(
    fleet: Fleet,
) -> None:
    """So it answers before the balancer, which waits five seconds more, takes it for dead."""
    host = fleet.apps[0]
    host.write("/root/silent", SILENT)
    host.enter("systemd-run -q --unit=silent python3 /root/silent")
    wait_for("it listens", lambda: "9002" in host.enter("ss -Hltn").stdout)
    host.enter(TAKEOVER)
    try:
        started = time.monotonic()
        assert get(host).status == 504
        assert time.monotonic() - started < 5
    finally:
        host.enter(
            f"mv /root/site {SITE}; rm /etc/nginx/conf.d/fooproject-understudy.conf; {RELOAD}"
            "systemctl stop silent"
        )


@pytest.mark.long
def test_a_former_balancer_becomes_an_app_host(
    web: Host, lab: Lab, controller: Callable[..., Controller]
) -> None:
    front = lab.host("was-a-front")
    site = controller(front, web)
    site.groups = {"lb": [front], "app": [web]}
    site.apply()
    site.groups = {"app": [front, web]}
    planned = site.plan()
    assert site.apply().changed == planned
    assert site.plan() == []
    assert release_at(front) == release_at(web)
    assert get(front).status == 200
    assert "upstream fooproject {" not in front.enter("nginx -T").stdout
    front.power_off()
