"""An account that was there before the first deployment outlives every end of the project."""

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from stack.commands import leaving as commands
from stack.commands.leaving import GIVE_BACK_USER
from stack.facts.contents import Contents, HomeContents
from stack.facts.host_state import TELL
from stack.facts.parsing import parse
from stack.host.observation import Entry, Observation, User
from stack.operations.leaving import files, home
from stack.project.leaving import Belongings
from tests.unit.hosts import converged, sample_target, without
from tests.unit.operating import Sent, as_sent, plan

TARGET = sample_target()
LAYOUT = TARGET.layout
RECORD = Belongings(LAYOUT).account
LIBRARY = str(LAYOUT.library)
FOLDER = Entry("directory", "755", "root", "root", 1.0, 1.0)
FILE = replace(FOLDER, kind="file")
FACTS = {HomeContents: Contents(staying=(), is_whole=True)}


def leaving(
    home: str = "/srv/people/foo", group: str = "staffers", log_group: str = ""
) -> Observation:
    """A host with a deployment, whose user was somebody before.

    Args:
        home: the account's own.
        group: its primary one.
        log_group: a word where there was a group of the logs' name.
    """
    seen = converged(TARGET)
    record = f"{home}\n/usr/bin/zsh\n{group}\n{group} audio\n{log_group}\n750 {group}\n"
    its = dict.fromkeys((LIBRARY, str(LAYOUT.logs), str(LAYOUT.home)), FOLDER)
    return replace(
        seen,
        entries={**seen.entries, **its, RECORD: FILE},
        texts={**seen.texts, RECORD: record},
        groups=seen.groups | {LAYOUT.log_group},
        user=User(str(LAYOUT.home), "/bin/bash", "users", frozenset({"fooproject", "sudo"})),
    )


def paths_of(sent: list[Sent]) -> list[str]:
    return [word for command, _ in sent for word in str(command).split() if word.startswith("/")]


def everything(operation: Any, seen: Observation) -> list[Sent]:
    return plan(operation, TARGET, seen, FACTS, everything=True)


def test_what_tells_of_it_goes_when_nothing_else_is_left_that_would_remove_it() -> None:
    seen = leaving()
    assert RECORD not in paths_of(plan(files.data_removed, TARGET, seen))
    assert everything(files.traces_removed, seen) == as_sent(
        TARGET, commands.files([LIBRARY]), commands.files([RECORD])
    )


def test_it_is_still_given_back_by_the_run_after_one_that_was_cut_before_the_traces_went() -> None:
    seen = without(leaving(), str(LAYOUT.logs))
    [(command, _)] = everything(home.user_removed, seen)
    assert "usermod -g" in str(command)
    assert "userdel" not in str(command)


def test_what_tells_of_it_goes_in_the_run_after_one_that_was_cut_before_it_went() -> None:
    seen = leaving()
    for path in (LIBRARY, str(LAYOUT.logs), str(LAYOUT.backups)):
        seen = without(seen, path)
    assert everything(files.traces_removed, seen) == as_sent(TARGET, commands.files([RECORD]))


def test_what_tells_of_it_stays_with_the_logs() -> None:
    sent = plan(files.traces_removed, TARGET, leaving(), everything=False)
    assert sent == as_sent(TARGET, commands.files([LIBRARY]))


def test_one_whose_own_group_has_its_name_is_as_it_was_once_given_back() -> None:
    seen = leaving(group="fooproject", log_group="there")
    given = User("/srv/people/foo", "/usr/bin/zsh", "fooproject", frozenset({"audio"}))
    seen = without(replace(seen, user=given), str(LAYOUT.home))
    assert plan(home.user_removed, TARGET, seen, FACTS, everything=False) == []


def lost(*names: str) -> Observation:
    """A host that has lost something of what the account was like."""
    return replace(leaving(), user_lost=frozenset(names))


def given_back(user: User, *names: str) -> list[Sent]:
    """What is done of an account on a host that has lost something; nothing is of its home."""
    seen = without(replace(lost(*names), user=user), str(LAYOUT.home))
    return plan(home.user_removed, TARGET, seen, FACTS, everything=False)


@pytest.mark.parametrize(
    ("names", "user"),
    [
        ((), User("/srv/people/foo", "/usr/bin/zsh", "staffers", frozenset({"audio"}))),
        (("audio",), User("/srv/people/foo", "/usr/bin/zsh", "staffers", frozenset())),
        (("/usr/bin/zsh",), User("/srv/people/foo", "/bin/bash", "staffers", frozenset({"audio"}))),
        (("staffers",), User("/srv/people/foo", "/usr/bin/zsh", "users", frozenset({"audio"}))),
        (
            ("/srv/people/foo",),
            User("/srv/people/foo", "/usr/bin/zsh", "staffers", frozenset({"audio"})),
        ),
    ],
)
def test_it_is_given_back_once_it_has_all_of_it_that_the_host_still_has(
    names: tuple[str, ...], user: User
) -> None:
    logs = replace(user, groups=user.groups | {LAYOUT.log_group})
    assert given_back(logs, *names) == []
    assert len(given_back(replace(logs, groups=frozenset({"sudo"})), *names)) == 1


def test_its_home_is_open_to_no_group_where_its_own_has_gone() -> None:
    seen = replace(lost("staffers"), user_lived_here=True)
    [(command, _)] = plan(home.user_removed, TARGET, seen, FACTS, everything=False)
    assert f"{LAYOUT.home} 700 '' '' {LAYOUT.home_gone}" in str(command)


def test_the_logs_group_goes_in_the_run_after_one_that_was_cut_before_it_went() -> None:
    given = User("/srv/people/foo", "/usr/bin/zsh", "staffers", frozenset({"audio"}))
    seen = without(replace(leaving(), user=given), str(LAYOUT.home))
    assert len(everything(home.user_removed, seen)) == 1
    gone = replace(seen, groups=seen.groups - {LAYOUT.log_group})
    assert everything(home.user_removed, gone) == []


def test_what_of_it_a_host_has_no_more_is_read(tmp_path: Path) -> None:
    record = tmp_path / "fooproject.account"
    record.write_text(
        f"{tmp_path}/home\n/no/shell\ngonegroup\ngonegroup root moved\n\n750 UNKNOWN\n"
    )
    words: list[str | Path] = ["python3", "nobody-of-this-name", tmp_path, *[""] * 13]
    words += ["home", record, ":", "5", "1000", "/", "/"]
    told = subprocess.run(
        ["sh", "-euc", TELL, "sh", *words], capture_output=True, text=True, check=True
    )
    assert parse(told.stdout.splitlines()).user_lost == {
        f"{tmp_path}/home",
        "/no/shell",
        "gonegroup",
        "moved",
        "UNKNOWN",
    }


SPELLED = ("{0}", "{0}/", "/.{0}", "{1}/elsewhere/fooproject", "{1}/link", "{0}/inner")
"""Of a home: from its own path, and from the folder of the test."""
OTHERS = ("{0}-2", "{1}/elsewhere", "/nowhere")


@pytest.fixture
def projects_home(tmp_path: Path) -> Path:
    """Below a symlink, as /home may be one, and with one that leads to it."""
    path = tmp_path / "home" / "fooproject"
    (tmp_path / "elsewhere" / "fooproject").mkdir(parents=True)
    (tmp_path / "home").symlink_to("elsewhere")
    (tmp_path / "link").symlink_to(path)
    (path / "thesis").touch()
    return path


@pytest.mark.parametrize(
    ("spelled", "is_it"), [*((one, True) for one in SPELLED), *((one, False) for one in OTHERS)]
)
def test_its_home_is_known_however_it_is_spelled(
    spelled: str, is_it: bool, projects_home: Path, tmp_path: Path
) -> None:
    record = tmp_path / "fooproject.account"
    record.write_text(f"{spelled.format(projects_home, tmp_path)}\n/bin/bash\n")
    words: list[str | Path] = ["python3", "nobody-of-this-name", projects_home, *[""] * 13]
    words += ["home", record, ":", "5", "1000", "/", "/"]
    told = subprocess.run(
        ["sh", "-euc", TELL, "sh", *words], capture_output=True, text=True, check=True
    )
    assert (f"lived-in\t{projects_home}\n" in told.stdout) == is_it
    assert parse(told.stdout.splitlines()).user_lived_here == is_it


@pytest.mark.parametrize("spelled", SPELLED)
def test_its_home_is_not_removed_whatever_a_plan_has_seen(
    spelled: str, projects_home: Path, tmp_path: Path
) -> None:
    done = tmp_path / "done"
    instead = "usermod() { : > " + str(done) + "; }; vipw() { :; }; touch() { :; }\n"
    home = spelled.format(projects_home, tmp_path)
    words = ("nobody-of-this-name", home, projects_home, "", "", "goes", tmp_path / "gone")
    run = subprocess.run(
        ["sh", "-euc", instead + GIVE_BACK_USER, "sh", *words, "", "/nowhere", "/bin/sh", "users"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith(f"{projects_home} is, or has in it, {home}, the home that")
    assert (projects_home / "thesis").exists()
    assert not done.exists()


@pytest.mark.parametrize("goes", [False, True])
def test_of_its_own_home_nothing_goes_but_what_is_shared(goes: bool) -> None:
    seen = replace(leaving(home="/srv/home/fooproject"), user_lived_here=True)
    shared = str(LAYOUT.shared)
    seen = replace(seen, entries={**seen.entries, shared: FOLDER})
    sent = plan(home.user_removed, TARGET, seen, FACTS, everything=goes)
    told = " ".join(str(command) for command, _ in sent)
    assert (["./shared"] in [names for _, names in sent]) == goes
    # Empty is the word for the home's going.
    assert f"{LAYOUT.home} 750 staffers '' {LAYOUT.home_gone}" in told
