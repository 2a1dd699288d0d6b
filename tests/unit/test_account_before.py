"""An account that was there before the first deployment outlives every end of the project."""

from dataclasses import replace
from typing import Any

from stack.commands import leaving as commands
from stack.facts.contents import Contents, HomeContents
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
