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
        {"numbers": [(1, 2), 3, ("a", "b")], "nothing": (), "text": "web1"},
    ],
)
def test_a_host_in_several_groups_and_what_is_no_group_are_fine(groups: dict[str, Any]) -> None:
    assert told(**groups) == ""
