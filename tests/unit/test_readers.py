"""Who may read what the system has logged of users who go."""

import os
from pathlib import Path

import pytest

from stack.onhost import readers

OWNER, GROUP, MASK, OTHERS = (0x01, 0x04, 0x10, 0x20)
NOBODY = 0xFFFFFFFF


def packed(*users: int) -> bytes:
    """A list as the kernel has it, in which some users may read."""
    named = [(readers.OF_A_USER, 4, number) for number in users]
    others = [(GROUP, 4, NOBODY), (MASK, 4, NOBODY), (OTHERS, 0, NOBODY)]
    entries = [(OWNER, 6, NOBODY), *named, *others]
    return b"\x02\0\0\0" + b"".join(readers.ENTRY.pack(*entry) for entry in entries)


@pytest.mark.parametrize(
    ("before", "after"), [((1002,), ()), ((999, 1002, 100007), (999,)), ((999,), (999,)), ((), ())]
)
def test_those_who_go_are_named_no_longer_and_all_others_are(
    monkeypatch: pytest.MonkeyPatch, before: tuple[int, ...], after: tuple[int, ...]
) -> None:
    lists = {readers.LISTS: packed(*before)}
    monkeypatch.setattr(os, "getxattr", lambda _, name: lists[name])
    monkeypatch.setattr(os, "setxattr", lambda _, name, value: lists.update({name: value}))
    readers.forget(Path("user-1002@1.journal"), [range(1002, 1003), range(100000, 165536)])
    assert lists == {readers.LISTS: packed(*after)}


def test_a_file_without_a_list_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "system.journal").touch()
    readers.forget(tmp_path / "system.journal", [range(1002, 1003)])
    readers.forget(tmp_path / "gone.journal", [range(1002, 1003)])


def test_journald_goes_on_with_the_files_that_have_no_time_in_their_names(tmp_path: Path) -> None:
    for name in ("system", "user-1002", "user-10020", "user-1002@5f-1", "user-x"):
        (tmp_path / f"{name}.journal").touch()
    found = readers.current([tmp_path, tmp_path / "none"], [range(1002, 1003)])
    assert found == {(its := tmp_path / "user-1002.journal"): its.stat().st_ino}
