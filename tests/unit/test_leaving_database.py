"""What a leaving project does to the PostgreSQL of a host, and whose it has to be for that."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
from pyinfra.api import StringCommand

from stack.database import files
from stack.database import leaving as of_database
from stack.database.observation import Answer, Cluster, Server
from stack.facts import DatabaseState
from stack.host.observation import Entry, Observation
from stack.host.recorded import Project
from stack.operations.leaving import database as postgresql
from stack.project.target import Target
from tasks import leaving
from tests.unit.hosts import converged, entries_of, sample_target
from tests.unit.operating import plan

TARGET = sample_target()
ITS = of_database.undeclared(TARGET)
CLUSTER = Cluster("15", "main", "auto", 0.0, True)
DEBIANS = Entry("file", "640", "postgres", "postgres", 1.0, 1.0)
LENT = {f"{of_database.ORIGINALS}{CLUSTER.folder}/pg_hba.conf": DEBIANS}
DUMPS = {str(TARGET.layout.backups): Entry("directory", "700", "root", "root", 1.0, 1.0)}
HERE = converged(TARGET)
SHOPS = replace(HERE, projects=(Project("shop", has_database=True),))
BY_HAND = Server(
    cluster=CLUSTER, answer=Answer(1.0, False, owner="fooproject"), entries={**LENT, **DUMPS}
)
"""Somebody has made a database of the project's name, and what is kept is another project's."""
SHARED = (*DUMPS, str(TARGET.layout.library), f"{CLUSTER.folder}/pg_hba.conf")
OURS = {
    path: entry
    for path, entry in entries_of(
        [*files.server(ITS, CLUSTER), *files.dumps(TARGET)], changed=1.0
    ).items()
    if path not in SHARED
}
"""The files that nobody else has."""

Done = Callable[[Observation, Server], list[str]]


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> Done:
    """Which operations there are on a host that is in no group db, when everything goes."""
    names: list[str] = []
    for operation in ("database_dropped", "database_left"):
        monkeypatch.setattr(postgresql, operation, lambda name, **_: names.append(name))

    def operations(target: Target) -> Iterator[StringCommand]:
        cast(Any, leaving.database).__wrapped__(target, everything=True)
        yield from ()

    def ask(seen: Observation, server: Server) -> list[str]:
        names.clear()
        plan(operations, TARGET, seen, {DatabaseState: server})
        return names

    return ask


def test_a_database_by_hand_is_no_projects_whatever_folder_of_dumps_there_is(done: Done) -> None:
    dumped = replace(HERE, entries={**HERE.entries, **DUMPS})
    assert done(dumped, BY_HAND) == []


@pytest.mark.parametrize("path", OURS)
def test_one_file_of_a_deployments_tells_of_it_whatever_the_groups_say(
    done: Done, path: str
) -> None:
    had = replace(BY_HAND, entries={path: OURS[path]})
    assert done(HERE, had) == [
        "Write a last dump of fooproject, and drop it",
        "Let in nobody from elsewhere, and dump no more",
    ]
    assert ITS.clients == ()


def test_a_postgresql_that_is_another_projects_stays_as_it_is(done: Done) -> None:
    had = replace(BY_HAND, entries={**LENT, **OURS})
    assert done(SHOPS, had) == []


@pytest.mark.parametrize("operation", [postgresql.database_dropped, postgresql.database_left])
def test_a_host_in_db_gives_nothing_back_that_is_another_projects(operation: Any) -> None:
    facts = {DatabaseState: BY_HAND}
    assert plan(operation, TARGET, SHOPS, facts, database=ITS) == []
    assert len(plan(operation, TARGET, HERE, facts, database=ITS)) == 1


def test_a_database_that_stays_with_another_project_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[str] = []
    monkeypatch.setattr(postgresql, "tell", told.extend)
    for server in (BY_HAND, Server()):
        plan(*(postgresql.database_dropped, TARGET, SHOPS, {DatabaseState: server}), database=ITS)
    [line] = told
    assert "is shop's, so what it has of fooproject stays there" in line
    assert line.endswith("runuser -u postgres -- dropdb fooproject")
