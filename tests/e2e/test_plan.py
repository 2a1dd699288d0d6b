"""The plan is what an apply changes."""

import re
from collections.abc import Callable

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get
from tests.e2e.systems import host_of, others
from tests.lab import Lab
from tests.lab.systems import System, default

WRITTEN = (
    "/etc/logrotate.d/fooproject",
    "/etc/nginx/nginx.conf",
    "/etc/nginx/sites-available/default",
    "/etc/profile.d/fooproject.sh",
    "/etc/supervisor/conf.d/fooproject.conf",
    "/etc/supervisor/supervisord.conf",
    "/home/fooproject/releases/[^/]*/manage",
    "/home/fooproject/releases/[^/]*/with-env",
    "/usr/local/lib/fooproject/switch.json",
    "/usr/local/lib/fooproject/switch/takeover.py",
)

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize(
    "system", [default(), *(pytest.param(one, marks=pytest.mark.matrix) for one in others())]
)
def test_on_a_bare_host_what_is_planned_is_what_changes(
    lab: Lab, controller: Callable[..., Controller], system: System
) -> None:
    bare = host_of(lab, "bare", system, base="bare")
    site = controller(bare)
    site.data["env"] = {"SECRET_KEY": "not for anybody's eyes"}
    planned = site.plan()
    shown = site.pyinfra("deploy.py", "--dry", "--diff").output
    for path in WRITTEN:
        assert re.search(f"Will (create|change) {path}", shown), path
    assert "proxy_pass http://127.0.0.1:8000;" in shown
    assert "export SECRET_KEY=*MASKED*" in shown
    assert "not for anybody's eyes" not in shown
    assert site.apply().changed == planned
    assert get(bare).status == 200
    assert site.plan() == []
    assert site.apply().changed == []
    bare.stop()
