"""The page of the matrices names commits, with which anybody can try a row again."""

from dataclasses import asdict, replace

import pytest

from tests.e2e import matrix
from tests.e2e.matrix import DRIFT, Results, Trial, Tried, each_case, share

COMMIT, CHANGED = (Trial(DRIFT.title, 1, "a", f"1.0{end}", held=True) for end in ("", "-dirty"))


def test_what_was_tried_with_changes_that_are_not_committed_does_not_count() -> None:
    assert Tried(DRIFT, [COMMIT]).is_whole
    assert not Tried(DRIFT, [CHANGED]).is_whole
    assert not Tried(DRIFT, []).is_whole


def test_a_case_that_a_sample_tried_once_more_is_one_case() -> None:
    failed = replace(COMMIT, held=False)
    assert each_case([COMMIT, COMMIT]) == [COMMIT]
    assert each_case([COMMIT, failed]) == each_case([failed, COMMIT]) == [failed]
    other = replace(COMMIT, case="b")
    assert each_case([COMMIT, other]) == [COMMIT, other]


def test_a_run_that_resumes_tries_again_what_is_of_no_commit(
    pytestconfig: pytest.Config,
) -> None:
    results = Results(pytestconfig)
    results.trials = {"commit": [asdict(COMMIT)], "changed": [asdict(CHANGED)]}
    assert results.has_held("commit")
    assert not results.has_held("changed")
    assert not results.has_held("another")


def test_a_run_tries_its_share_of_what_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [name for weight, name in enumerate("abcdefghijklmnop") for _ in range(weight)]
    ever: set[str] = set()
    for seed in range(200):
        monkeypatch.setattr(matrix, "SEED", seed)
        now = share(names, parts=8)
        assert now == share(names, parts=8)
        assert sum(name in now for name in names) == 15
        ever |= now
    assert ever == set(names) - {"a"}
