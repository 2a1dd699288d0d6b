"""What those are told who want to know how a run has ended."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from pyinfra.api import StringCommand

from stack.host.observation import LogEntry
from stack.project.target import Target
from stack.report import notifying
from stack.report.notifying import Ended, environment
from stack.settings import load
from tasks import notify
from tests.unit.hosts import converged, sample_target
from tests.unit.operating import NAME, plan

LIVE = Ended(["abc"], ["v1"], ["web1", "web2"], ["web1", "web2"], [], "", is_whole=True)


@pytest.mark.parametrize(
    ("ended", "result"),
    [
        (LIVE, "live"),
        (replace(LIVE, changed=[]), ""),
        (replace(LIVE, is_whole=False), "interrupted"),
        (replace(LIVE, failed=["web2"]), "failed"),
        (replace(LIVE, failed=["web2"], is_whole=False), "failed"),
    ],
)
def test_a_run_has_one_result(ended: Ended, result: str) -> None:
    assert ended.result == result


def test_it_is_told_in_variables() -> None:
    settings = load({"source": ".", "project": "shop", "revision": "main"}, "web1")
    told = environment(replace(LIVE, failed=["web2"], reason="no room"), settings)
    assert told.pop("DEPLOY_WHO")
    assert told == {
        "DEPLOY_RESULT": "failed",
        "DEPLOY_REASON": "no room",
        "DEPLOY_PROJECT": "shop",
        "DEPLOY_RELEASE": "abc",
        "DEPLOY_REVISION": "v1",
        "DEPLOY_HOSTS": "web1 web2",
        "DEPLOY_FAILED_HOSTS": "web2",
    }


def test_a_release_that_is_gone_back_to_is_told_with_its_own_revision(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    target = sample_target()
    target = replace(target, settings=target.settings.model_copy(update={"revision": "main"}))
    one = LogEntry("2026-01-01T00:00:00", "one", "v1", "", "anna", "live", "", 1.0)
    seen = replace(converged(target), log=(one, replace(one, release="two", revision="v2")))

    def told(release: str) -> object:
        def begin(target: Target) -> Iterator[StringCommand]:
            notify.at_the_end(target=target, release=release)
            yield from ()

        monkeypatch.setattr(notifying, "_releases", {})
        plan(begin, target, seen)
        return notifying._releases[NAME]

    assert told("one") == ("one", "v1")
    assert told("lost") == ("lost", "")
    assert told("") == (target.app.id, "main")
