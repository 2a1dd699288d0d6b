"""Inventories whose groups pyinfra would take for something else."""

from typing import Any

import pytest

from stack.run.groups import why_no_groups

FIRST, SECOND = {"ssh_hostname": "10.0.0.2"}, {"ssh_hostname": "10.0.0.4"}
WEB2 = ("web2", {"ssh_hostname": "10.0.0.3"})


def told(**groups: Any) -> str:
    return why_no_groups("inventory.py", groups)


def test_a_name_of_two_servers_is_refused_in_one_line() -> None:
    assert told(app=[("web1", FIRST), WEB2, ("web1", SECOND)]) == (
        'inventory.py: "web1" stands twice in app, with another ssh_hostname: pyinfra would take '
        "both for one server, and leave one out; expected a name of its own for each. Nothing was "
        "changed."
    )
    assert "twice in app" in told(app=([("web1", FIRST), ("web1", SECOND)], {"workers": 3}))
    assert '"web1" stands in app and in db, with another' in told(
        app=[("web1", FIRST)], db=[("web1", SECOND)]
    )


@pytest.mark.parametrize(
    "groups",
    [
        {"app": [("web1", FIRST), WEB2], "db": [("web1", FIRST)], "lb": ["web2"]},
        {"app": [("web1", {**FIRST, "workers": 2})], "db": [("web1", {"workers": 3})]},
        {"app": [("web1", FIRST), "web1"]},
        {"app": [("web1", {"ssh_port": 22})], "db": [("web1", {"ssh_port": "22"})]},
        {"_old": [("web1", FIRST), ("web1", SECOND)]},
        {"numbers": [(1, 2), 3, {}], "nothing": None, "text": "web1", "words": {"a": 1}},
        {"app": (["web1", WEB2], {"workers": 3}), "lb": (("web1",), {}), "_days": ("a", "b")},
    ],
)
def test_a_host_in_several_groups_and_what_is_no_group_are_fine(groups: dict[str, Any]) -> None:
    assert told(**groups) == ""


DATA = {"ssh_user": "root", "ssh_password": "hidden"}
EACH = 'expected a list of hosts, each "ADDRESS" or ("ADDRESS", {"ssh_user": "root"})'


@pytest.mark.parametrize(
    ("group", "problem"),
    [
        (["203.0.113.5", DATA], f"lb has {{…}}: {EACH}"),
        ([("203.0.113.5", "root")], f'lb has ("203.0.113.5", …): {EACH}'),
        ([("203.0.113.5", {"ssh_user", "root"})], f'lb has ("203.0.113.5", …): {EACH}'),
        ([("203.0.113.5", DATA, DATA)], f'lb has ("203.0.113.5", …): {EACH}'),
        ([("203.0.113.5",)], f'lb has ("203.0.113.5",): {EACH}'),
        ([["203.0.113.5", DATA]], f'lb has ["203.0.113.5", …]: {EACH}'),
        ([("", DATA)], f'lb has ("", …): {EACH}'),
        ([""], f'lb has "": {EACH}'),
        ([(10, DATA)], f"lb has (10, …): {EACH}"),
        ([10], f"lb has 10: {EACH}"),
        ([DATA], f"lb has {{…}}: {EACH}"),
        ([()], f"lb has (): {EACH}"),
        (
            ([("203.0.113.5", DATA)],),
            "lb = […],: expected a list of hosts; leave the comma at its end out",
        ),
        ((("203.0.113.5", DATA), ("203.0.113.6", DATA)), f"lb = (…): {EACH}"),
        ((), f"lb = (): {EACH}"),
        ((8000, 8001), f"lb = (8000, …): {EACH}"),
        (
            ("203.0.113.5", DATA),
            'lb = ("203.0.113.5", …): expected a list of hosts: lb = [("203.0.113.5", …)]',
        ),
        ("203.0.113.5", 'lb = "203.0.113.5": expected a list of hosts: lb = ["203.0.113.5"]'),
        ({"203.0.113.5": DATA}, f"lb = {{…}}: {EACH}"),
        ({"203.0.113.5"}, f"lb = {{…}}: {EACH}"),
    ],
)
def test_a_group_that_is_no_list_of_hosts_is_refused_without_their_data(
    group: object, problem: str
) -> None:
    assert told(lb=group, app=["web1"]) == f"inventory.py: {problem}. Nothing was changed."


def test_each_group_that_is_wrong_is_told_and_how_to_have_none() -> None:
    lines = told(app=[("web1",)], more=["web2", 3], ports=(80, 443)).splitlines()
    assert [line.split()[1] for line in lines] == ["app", "more", "ports"]
    assert ["begins with _" in line for line in lines] == [False, True, True]
