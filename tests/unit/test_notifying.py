"""What those are told who want to know how a run has ended."""

from dataclasses import replace

import pytest

from stack.report.notifying import Ended, environment
from stack.settings import load

LIVE = Ended(["abc"], ["web1", "web2"], ["web1", "web2"], [], "", is_whole=True)


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
    settings = load({"source": ".", "project": "shop", "revision": "v2"}, "web1")
    told = environment(replace(LIVE, failed=["web2"], reason="no room"), settings)
    assert told.pop("DEPLOY_WHO")
    assert told == {
        "DEPLOY_RESULT": "failed",
        "DEPLOY_REASON": "no room",
        "DEPLOY_PROJECT": "shop",
        "DEPLOY_RELEASE": "abc",
        "DEPLOY_REVISION": "v2",
        "DEPLOY_HOSTS": "web1 web2",
        "DEPLOY_FAILED_HOSTS": "web2",
    }
