"""What status.py tells: in lines for a person, and as JSON for machines."""

import json
from dataclasses import replace

from stack.facts.serving import ServingState
from stack.report.host_status import App, Balancer, Certificate, Database, HostStatus, as_json
from stack.report.status_lines import lines

APP = App(
    release="r2",
    doubt="",
    since="2026-03-01 10:00:00",
    health="ok",
    unreached=(),
    workers=3,
    supervisor="",
    kept=["r1", "r2", "r3"],
    never_live=["r3"],
    failed_schedules={"mails": "exit-code"},
    used_bytes=1_200_000_000,
    free_bytes=5_000_000,
)
BARE = HostStatus(
    app=None,
    database=None,
    balancer=None,
    certificate=None,
    deploying="",
    closed=None,
    still_served="",
    still_balanced="",
    still_stored="",
    firewall="",
    ufw="",
    swap="",
    home="",
    beside={},
    drift=[],
)
FULL = HostStatus(
    app=APP,
    database=Database("ok", ("a.dump", "b.dump"), "timeout"),
    balancer=Balancer("active", ("10.0.0.1", "10.0.0.2")),
    certificate=Certificate("ends on 2026-05-01, in 60 days", ["a.example", "b.example"]),
    deploying="anna@laptop, since 2026-03-01 10:00:00 UTC",
    closed=True,
    still_served="is not in app, and still runs r1",
    still_balanced="is not in lb, and still balances",
    still_stored="is not in db, and still has",
    firewall="is not there",
    ufw="keeps visitors out",
    swap="is too small",
    home="/home is mounted read-only",
    beside={"shop": ("shop.example",), "wiki": ()},
    drift=["Write a", "Write b"],
)


def test_every_part_of_a_host_has_its_lines() -> None:
    assert "\n".join(lines("web1", FULL)) == (
        "web1\n"
        "    live     r2, since 2026-03-01 10:00:00\n"
        "    health   ok, 3 workers\n"
        "    kept     r1, r2, r3 (never live)\n"
        "    disk     1,200 MB used by releases and virtualenvs, 5 MB free\n"
        "    failed   mails: exit-code, see ~/logs/schedule-mails.log\n"
        "    database ok\n"
        "    dumps    2, the newest b.dump\n"
        "    failed   the last dump: timeout, see its journal\n"
        "    balancer active\n"
        "    over     10.0.0.1, 10.0.0.2\n"
        "    https    a.example, b.example: ends on 2026-05-01, in 60 days\n"
        "    deploys  anna@laptop, since 2026-03-01 10:00:00 UTC\n"
        "    closed   visitors get the maintenance page\n"
        "    site     is not in app, and still runs r1\n"
        "    balancer is not in lb, and still balances\n"
        "    database is not in db, and still has\n"
        "    firewall is not there\n"
        "    ufw      keeps visitors out\n"
        "    swap     is too small\n"
        "    home     /home is mounted read-only\n"
        "    beside   shop (shop.example), wiki\n"
        "    drift    Write a; Write b"
    )


def test_what_a_host_has_no_part_in_is_not_told() -> None:
    assert list(lines("web1", BARE)) == ["web1", "    drift    none"]
    told = {
        "deploying": "",
        "still_served": "",
        "still_balanced": "",
        "still_stored": "",
        "firewall": "",
        "ufw": "",
        "swap": "",
        "home": "",
        "beside": {},
        "drift": [],
    }
    assert as_json(BARE) == told
    assert as_json(replace(BARE, closed=False)) == {"closed": False, **told}


def test_what_is_not_known_of_a_release_is_said_so() -> None:
    def live(app: App) -> str:
        return list(lines("web1", replace(BARE, app=app)))[1]

    assert live(replace(APP, release="")) == "    live     nothing"
    assert live(replace(APP, release="", doubt="two run")) == "    live     two run"
    doubtful = replace(APP, since="", doubt="two run")
    assert live(doubtful) == "    live     r2, since unknown, but two run"
    unknown = replace(BARE, app=replace(APP, used_bytes=None))
    assert list(lines("web1", unknown))[4].startswith("    disk     an unknown part used by ")
    unknown = replace(BARE, app=replace(APP, workers=None, free_bytes=None, supervisor="is silent"))
    told = list(lines("web1", unknown))
    assert told[2] == "    health   ok, an unknown number of workers"
    assert told[3] == "    programs is silent"
    assert told[5].endswith(", an unknown part free")
    assert ServingState().used_bytes is ServingState().free_bytes is None


def test_machines_get_every_part_in_one_object() -> None:
    told = json.loads(json.dumps(as_json(FULL)))
    assert told["release"] == "r2"
    assert told["failed_schedules"] == {"mails": "exit-code"}
    assert (told["database"], told["dumps"]) == ("ok", ["a.dump", "b.dump"])
    assert (told["balancer"], told["servers"]) == ("active", ["10.0.0.1", "10.0.0.2"])
    assert told["certificate_names"] == ["a.example", "b.example"]
    assert told["beside"] == {"shop": ["shop.example"], "wiki": []}
