"""From the records that DatabaseState's command prints to a Server: pure functions."""

from collections.abc import Iterable

from stack.database.observation import Answer, Cluster, Role, Server
from stack.facts.parsing import Rows, entries_of, rows_of, sums_of, units_of


def parse(lines: Iterable[str]) -> Server:
    """Read records; those that are cut short or unknown are passed over."""
    rows = rows_of(lines)
    return Server(
        now=float(_first(rows, "now", "0")),
        is_installed=["postgresql", "installed"] in rows.get("package", []),
        cluster=_cluster(rows.get("cluster", [])),
        answer=_answer(rows),
        entries=entries_of(rows.get("entry", []), sums_of(rows.get("sum", [])), {}, 0.0),
        units=units_of(row[0] for row in rows.get("unit", [])),
        sockets=frozenset(row[0] for row in rows.get("socket", [])),
        clients=tuple(row[0] for row in rows.get("client", [])),
        dumps=tuple(row[1] for row in rows.get("dump", []) if len(row) == 2),
    )


def _first(rows: Rows, kind: str, default: str) -> str:
    return rows[kind][0][0] if kind in rows else default


def _cluster(rows: list[list[str]]) -> Cluster | None:
    for row in rows:
        if len(row) == 5:
            version, name, starts, changed, used = row
            return Cluster(version, name, starts, float(changed or 0), used == "used")
    return None


def _answer(rows: Rows) -> Answer | None:
    """What comes from PostgreSQL itself, which begins with `answer`."""
    for row in rows.get("answer", []):
        if len(row) == 2:
            return Answer(
                loaded=float(row[0]),
                pending=row[1] != "0",
                settings={one[0]: one[1] for one in rows.get("setting", []) if len(one) == 2},
                role=_role(rows.get("role", [])),
                owner=_first(rows, "owner", ""),
            )
    return None


def _role(rows: list[list[str]]) -> Role | None:
    for row in rows:
        if len(row) == 3:
            return Role(is_plain=row[0] == "t", head=row[1], digest=row[2])
    return None
