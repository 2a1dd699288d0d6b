"""A front that is trusted says who the visitor is and how he came; nobody else does."""

from typing import Any

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get
from tests.lab import Host

pytestmark = pytest.mark.e2e

VISITOR = "203.0.113.5"


def test_a_trusted_front_is_taken_at_its_word(site: Controller, web: Host) -> None:
    front = f"{site.lab.subnet}.1"
    site.data["trusted_proxies"] = [front, "192.0.2.0/24"]
    site.apply()
    assert site.plan() == []
    claims: list[dict[str, Any]] = [
        {"X_Forwarded_Proto": "https"},
        {"X_Forwarded_Proto": "https", "X_Forwarded_Ssl": "on"},
        {"X_Forwarded_Proto": "https, https", "X_Forwarded_Protocol": "https"},
        {"X_Forwarded_Ssl": "on"},
    ]
    for said in claims:
        # By way of a second front in the trusted network.
        seen = get(web, "/api/headers", X_Forwarded_For=f"{VISITOR}, 192.0.2.9", **said)
        assert seen.status == 200
        assert (seen.json["is_secure"], seen.json["X-Real-IP"]) == (True, VISITOR)
        assert seen.json["X-Forwarded-For"] == VISITOR
    seen = get(web, "/api/headers", X_Forwarded_For=VISITOR, X_Forwarded_Proto="http")
    assert (seen.status, seen.json["is_secure"]) == (200, False)
    # The host itself is no front.
    told = web.enter(
        f"python3 -c 'import sys, urllib.request as r; print(r.urlopen(r.Request("
        f'"http://{web.address}/api/headers", headers={{"Host": "fooproject.se", '
        f'"X-Forwarded-For": "{VISITOR}", "X-Forwarded-Proto": "https"}})).read().decode())\''
    ).stdout
    assert VISITOR not in told
    assert '"is_secure": false' in told
