"""A run goes back from one release to one release, on all of its hosts or on none."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from stack.host.observation import LogEntry
from stack.state.pasts import Past, why_not_back
from tests.unit.fake_hosts import LINK, home, inventory
from tests.unit.running import pyinfra

A, B, C = "aaaaaaaaaaaa-11111111", "bbbbbbbbbbbb-11111111", "cccccccccccc-11111111"


def past(*lived: str) -> Past:
    """That of a host on which these were live, one after the other."""
    live, before = (*reversed(lived), "", "")[:2]
    return Past(live, before, tuple(sorted(lived)))


def test_hosts_that_have_had_the_same_releases_go_back_together() -> None:
    assert why_not_back({"web1": past(A, B), "web2": past(A, B)}) == ""
    assert why_not_back({"web2": past(A, B, C)}) == ""


def test_a_host_that_never_had_the_bad_release_is_not_taken_back() -> None:
    """It got to some of them only: by --limit, or because the rollout ended there."""
    assert why_not_back({"web1": past(A, B), "web2": past(A, B, C)}).splitlines() == [
        "The hosts of this run would not all go back from one release to one release. "
        "Nothing was changed.",
        f"    web1  serves {B}; before: {A}",
        f"    web2  serves {C}; before: {B}",
        "Say which release all of them are to serve, or which of them are to go back:",
        f"    rollback.py --data release={B}",
        f"    rollback.py --data release={A}",
        f"    rollback.py --limit web1  (back to {A})",
        f"    rollback.py --limit web2  (back to {B})",
    ]


def test_hosts_of_one_release_that_had_different_ones_before_are_told_of() -> None:
    told = why_not_back({"web1": past(A, B, C), "web2": past(A, C), "web3": past(A, B, C)})
    assert f"    web1, web3  serves {C}; before: {B}" in told.splitlines()
    assert f"    rollback.py --limit web1 --limit web3  (back to {B})" in told.splitlines()
    assert f"    rollback.py --data release={A}" in told.splitlines()
    # What a host does not keep would be refused there.
    assert f"release={B}" not in told


def test_a_host_without_a_release_before_does_not_keep_another_from_being_told_its_way() -> None:
    told = why_not_back({"web1": past(B), "web2": past(B, C), "new": past()}).splitlines()
    assert f"    web1  serves {B}; before: none" in told
    assert "    new  serves no release; before: none" in told
    assert f"    rollback.py --limit web2  (back to {B})" in told
    assert not any("--limit web1" in line or "--limit new" in line for line in told)


def test_where_none_has_a_release_before_each_says_so() -> None:
    assert why_not_back({"web1": past(A), "web2": past(A)}).splitlines() == [
        f"{name} has no release before the live one; it keeps none that it could go back to."
        for name in ("web1", "web2")
    ]


def test_a_release_that_was_not_logged_is_not_said_to_be_the_first() -> None:
    """A full disk has no room for its line."""
    unlogged = Past(B, "", (A, B), is_logged=False)
    assert why_not_back({"web1": unlogged}) == (
        f"web1 does not know what was live before {B}, which the end of its release log lacks; "
        f"it can go back to {A}, with --data release=ID."
    )
    told = why_not_back({"web1": unlogged, "web2": past(A, B)}).splitlines()
    assert f"    web1  serves {B}; before: not known" in told
    assert not any("--limit web1" in line for line in told)


def test_what_has_failed_before_it_went_live_is_not_offered() -> None:
    failed = Past(A, "", (A, B, C), never_live=(B,))
    assert why_not_back({"web1": failed}) == (
        f"web1 has no release before the live one; it can go back to {C}, with --data release=ID."
    )
    other = Past(C, "", (B, C))
    assert f"release={B}" not in why_not_back({"web1": replace(failed, live=C), "web2": other})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # Their `env` differs, and so each has its own.
        ((A, B), ("aaaaaaaaaaaa-22222222", "bbbbbbbbbbbb-22222222")),
        # Built anew, as it was damaged.
        ((A, B), (f"{A}-2", f"{B}-3")),
    ],
)
def test_hosts_with_releases_of_their_own_go_back_together(
    one: tuple[str, ...], other: tuple[str, ...]
) -> None:
    assert why_not_back({"web1": past(*one), "web2": past(*other)}) == ""


def test_an_environment_that_has_reached_one_host_is_another_release() -> None:
    other = "bbbbbbbbbbbb-22222222"
    assert f"--limit web2  (back to {B})" in why_not_back(
        {"web1": past(A, B), "web2": past(A, B, other)}
    )


MIXED = """
for _number, _lines in enumerate({told!r}):
    app[_number][1]["fake_responses"]["dpkg-query"] = [*_seen[:-1], *_lines]
"""


ENTRY = LogEntry("", "", "", "", "", "live", "", 1.0)


def reading(*lived: str, failed: str = "", first: str = "") -> list[str]:
    """What is told of a host on which these were live, one after the other.

    Args:
        lived: releases.
        failed: one more, which is whole too, and is not in the log.
        first: what was live before the log begins.
    """
    before = (first, *lived)
    log = [replace(ENTRY, release=one, before=before[at]) for at, one in enumerate(lived)]
    told = [f"log\t{json.dumps(asdict(one))}" for one in log]
    kept = [f"releases/{name}/.built" for name in {*lived, failed} - {""}]
    return [LINK, *told, home(*kept, live=lived[-1])]


def planned_over(folder: Path, told: list[list[str]], *words: str) -> tuple[int, str]:
    """A plan of going back over hosts of which that is told."""
    path = folder / "inventory.py"
    path.write_text(inventory(len(told)) + MIXED.format(told=told))
    done = pyinfra(path, "rollback.py", "--dry", *words)
    return done.returncode, done.stdout + done.stderr


def planned(folder: Path, *words: str) -> tuple[int, str]:
    """A plan over two hosts: web1 has had older-1 and old-1, and web2 bad-1 after them."""
    told = [reading("older-1", "old-1"), reading("older-1", "old-1", "bad-1")]
    return planned_over(folder, told, "--data", "force=True", *words)


def test_a_rollback_after_half_a_rollout_says_how_to_go_on(tmp_path: Path) -> None:
    code, said = planned(tmp_path)
    assert code == 1
    assert "    @fake/web2  serves bad-1; before: old-1" in said
    assert "    rollback.py --limit @fake/web2  (back to old-1)" in said


def test_the_commands_that_it_names_are_planned(tmp_path: Path) -> None:
    code, said = planned(tmp_path, "--limit", "@fake/web2")
    assert (code, "Serve old-1 again" in said) == (0, True), said
    code, said = planned(tmp_path, "--data", "release=old-1")
    assert (code, "Serve old-1 again" in said) == (0, True), said


BAD = ("--data", "release=bad-1")


def test_a_release_that_has_never_been_live_is_gone_to_by_a_deployment(tmp_path: Path) -> None:
    told = [reading("older-1", "old-1", failed="bad-1")]
    code, said = planned_over(tmp_path, told, *BAD)
    assert code == 1
    assert (
        "web1 has built bad-1, but it has never been live there; it can go back to older-1. To "
        "have it live, deploy it: deploy.py --data revision=REVISION."
    ) in said
    code, said = planned_over(tmp_path, told, *BAD, "--data", "force=True")
    assert (code, "Serve bad-1 again" in said) == (0, True), said


def test_what_a_log_does_not_reach_back_to_may_have_been_live(tmp_path: Path) -> None:
    told = [reading("old-1", first="older-1", failed="bad-1")]
    _, said = planned_over(tmp_path, told, *BAD)
    assert "has never been live" not in said


def test_a_release_whose_own_line_had_no_room_was_live_by_that_of_the_next(
    tmp_path: Path,
) -> None:
    told = [reading("older-1", "bad-1", "old-1")]
    del told[0][2]
    _, said = planned_over(tmp_path, told, *BAD)
    assert "has never been live" not in said


def test_a_release_goes_back_to_the_one_it_took_over_from(tmp_path: Path) -> None:
    told = [reading("older-1", "bad-1", "old-1")]
    del told[0][2]
    code, said = planned_over(tmp_path, told, "--data", "force=True")
    assert (code, "Serve bad-1 again" in said) == (0, True), said
