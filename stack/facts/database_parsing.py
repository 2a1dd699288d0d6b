"""From the records that DatabaseState's command prints to a Server: pure functions."""

from collections.abc import Iterable

from stack.database.observation import Answer, Cluster, Role, Server
from stack.facts.entries import entries_of, sums_of
from stack.facts.parsing import RECORDS
from stack.facts.records import Field, Rows, rows_of
from stack.facts.running import units_of


def _number_or_nothing(text: str) -> float:
    return float(text or 0)


KINDS: dict[str, tuple[Field, ...]] = {
    **{kind: RECORDS[kind] for kind in ("package", "entry", "unit")},
    "now": (float,),
    "cluster": (str, str, str, _number_or_nothing, str),
    "answer": (float, str),
    "setting": (str, str),
    "role": (str, str, str),
    "owner": (str, str),
    "socket": (str,),
    "client": (str,),
    "dump": (str, str),
    "left": (str,),
    "rule": (str,),
    "database": (str, str),
    "login": (str,),
}
"""What each kind of record has."""


def parse(lines: Iterable[str]) -> Server:
    """Read records; those that are cut short or unknown are passed over."""
    rows = rows_of(lines, KINDS)
    return Server(
        now=float(_first(rows, "now", "0")),
        is_installed=["postgresql", "installed"] in rows.get("package", []),
        cluster=_cluster(rows.get("cluster", [])),
        answer=_answer(rows),
        entries=entries_of(rows.get("entry", []), sums_of(rows.get("sum", [])), {}, 0.0),
        units=units_of(row[0] for row in rows.get("unit", [])),
        sockets=frozenset(row[0] for row in rows.get("socket", [])),
        clients=tuple(row[0] for row in rows.get("client", [])),
        dumps=tuple(row[1] for row in rows.get("dump", [])),
        left=frozenset(row[0] for row in rows.get("left", [])),
        rules=tuple(row[0] for row in rows.get("rule", [])),
    )


def _first(rows: Rows, kind: str, default: str) -> str:
    return rows[kind][0][0] if kind in rows else default


def _cluster(rows: list[list[str]]) -> Cluster | None:
    for version, name, starts, changed, used in rows:
        return Cluster(version, name, starts, float(changed or 0), used == "used")
    return None


def _answer(rows: Rows) -> Answer | None:
    """What comes from PostgreSQL itself, which begins with `answer`."""
    for loaded, pending in rows.get("answer", []):
        return Answer(
            loaded=float(loaded),
            pending=pending != "0",
            settings=dict(rows.get("setting", [])),
            role=_role(rows.get("role", [])),
            owner=_first(rows, "owner", ""),
            is_open=[row[1] for row in rows.get("owner", [])] == ["t"],
            others={row[0]: row[1] for row in rows.get("database", [])},
            logins=tuple(row[0] for row in rows.get("login", [])),
        )
    return None


def _role(rows: list[list[str]]) -> Role | None:
    for is_plain, head, digest in rows:
        return Role(is_plain=is_plain == "t", head=head, digest=digest)
    return None
