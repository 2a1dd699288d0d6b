"""One deployment at a time, and a word for cron."""

import json

import pytest

from tests.e2e.controller import Controller
from tests.e2e.drifts import CONFIGURE, NGINX
from tests.e2e.http import wait_for
from tests.e2e.rolling import Running
from tests.lab import Host

pytestmark = pytest.mark.e2e


def is_held(web: Host) -> bool:
    return (
        web.enter("flock -n /run/django-stack/fooproject-deploy true", check=False).returncode != 0
    )


def test_a_second_run_stops_at_once_and_says_who_has_the_lock(web: Host, site: Controller) -> None:
    site.project("project")
    (site.folder / "project" / "new.txt").write_text("a new release")
    with Running(site) as first:
        wait_for("the first run has the lock", lambda: is_held(web))
        second = site.apply(check=False)
        assert second.returncode == 1
        assert "web is being deployed to by " in second.output
        assert ", since 20" in second.output
        assert "Traceback" not in second.output
        assert first.ends().returncode == 0
    assert site.plan() == []


def test_the_lock_of_a_run_that_was_killed_is_free_again(web: Host, site: Controller) -> None:
    site.project("project")
    (site.folder / "project" / "new.txt").write_text("a new release")
    with Running(site):
        wait_for("the first run has the lock", lambda: is_held(web))
    site.apply()
    assert site.plan() == []


def test_drift_is_told_by_the_exit_code_and_nothing_is_changed(web: Host, site: Controller) -> None:
    assert site.pyinfra("drift.py").returncode == 0
    told = site.pyinfra("drift.py", "--json")
    assert json.loads(told.stdout) == {"converged": True, "hosts": {"web": []}}
    web.enter("echo '# by hand' >> /etc/nginx/nginx.conf")
    told = site.pyinfra("drift.py", "--json", check=False)
    assert told.returncode == 2
    assert json.loads(told.stdout) == {
        "converged": False,
        "hosts": {"web": [CONFIGURE, NGINX]},
    }
    assert "web: has drifted" in site.pyinfra("drift.py", check=False).stdout
    assert "# by hand" in web.enter("cat /etc/nginx/nginx.conf").stdout
    web.power_off()
    assert site.pyinfra("drift.py", check=False).returncode == 1
