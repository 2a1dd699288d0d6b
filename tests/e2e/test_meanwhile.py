"""A way back that is planned while something else happens on the host."""

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import release_at, wait_for
from tests.e2e.rolling import Running, attempts, is_switching
from tests.e2e.test_locks import HOLD, WAITS
from tests.lab import Host

pytestmark = pytest.mark.e2e


def new_release(site: Controller, web: Host, name: str) -> str:
    """Deploy one more; its name."""
    (site.project() / "new.txt").write_text(name)
    site.apply()
    return release_at(web)


@pytest.mark.long
def test_a_rollback_after_a_switch_that_was_cut_goes_one_release_back(
    web: Host, site: Controller
) -> None:
    second = new_release(site, web, "second")
    with (site.project() / "fooproject" / "settings.py").open("a") as settings:
        settings.write(WAITS)
    with Running(site) as cut:
        cut.reaches("Serve ")
        web.enter(f"touch {HOLD}")
        wait_for("it is switching", lambda: is_switching(web))
        cut.process.kill()
    said = ""
    with site.start("-y", entry="rollback.py") as rollback:
        assert rollback.stdout
        for line in rollback.stdout:
            said += line
            if "waits for a command of " in line:
                web.enter(f"rm -f {HOLD}")
    assert rollback.returncode == 0, said
    # What it has waited for has put the third live.
    [*_, third, last] = (one["release"] for one in attempts(web))
    assert third != second
    assert release_at(web) == last == second
    assert "waits for a command of an earlier run" in said


@pytest.mark.long
def test_a_rollback_does_not_undo_what_a_colleague_has_deployed_meanwhile(
    web: Host, site: Controller
) -> None:
    new_release(site, web, "second")
    with site.at_its_prompt("rollback.py") as rollback:
        third = new_release(site, web, "third")
        said, _ = rollback.communicate("\n", timeout=120)
    assert rollback.returncode == 1
    assert f"web serves {third}, and " in said
    assert "Nothing was changed. Run it again." in said
    assert "Traceback" not in said
    assert release_at(web) == third
