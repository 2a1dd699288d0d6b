"""From the records that HostState's command prints to an Observation: pure functions."""

import json
import math
import re
from base64 import b64decode
from collections.abc import Iterable, Iterator
from dataclasses import fields

from stack.host.observation import Entry, LogEntry, Observation, Process, Unit, User

SUM = re.compile(r"[0-9a-f]{64} [ *]")
"""How a line of sha256sum's begins; the path follows."""

TICKS = 100
"""In a second, in /proc: the kernel's promise to programs, whatever its own clock does."""

KINDS = {"f": "file", "d": "directory", "l": "link"}

Rows = dict[str, list[list[str]]]
"""The fields of records, by their kind."""


def parse(lines: Iterable[str]) -> Observation:
    """Read records; those that are cut short or unknown are passed over."""
    rows = rows_of(lines)

    def first(kind: str, default: str) -> str:
        return rows[kind][0][0] if kind in rows else default

    time = rows.get("time", [["0", "0"]])[0]
    booted = float(time[0]) - float(time[1])
    family = [word for row in rows.get("os", []) for word in row[0].split()]
    return Observation(
        uid=int(first("uid", "-1")),
        system=family[0] if family else "",
        family=frozenset(family),
        python=first("python", ""),
        uptime=float(time[1]),
        packages=frozenset(r[0] for r in rows.get("package", []) if r[1:] == ["installed"]),
        groups=frozenset(row[0] for row in rows.get("group", [])),
        free_bytes=_product(rows["free"][0]) if "free" in rows else None,
        user=_user(rows["user"][0]) if "user" in rows else None,
        entries=entries_of(
            rows.get("entry", []),
            sums_of(rows.get("sum", [])),
            {row[0]: row[1][:64] for row in rows.get("masked", []) if len(row) == 2},
            booted,
        ),
        texts={
            row[0]: b64decode(row[1]).decode(errors="replace")
            for row in rows.get("text", [])
            if len(row) == 2
        },
        damaged=frozenset(row[0] for row in rows.get("damaged", [])),
        proxied_to=first("proxy", ""),
        nginx_changed=float(rows["nginx"][0][0]) - booted if "nginx" in rows else 0.0,
        nginx_pid=first("nginx-pid", ""),
        nginx_files={
            row[0]: b64decode(row[1]).decode(errors="replace")
            for row in rows.get("nginx-file", [])
            if len(row) == 2
        },
        at_port_80=first("at-port-80", ""),
        supervisor_strays=tuple(row[0] for row in rows.get("supervisor-stray", [])),
        log=tuple(_log("\t".join(row) for row in rows.get("log", []))),
        units=units_of(row[0] for row in rows.get("unit", [])),
        processes=_processes(
            rows.get("process", []),
            rows.get("variable", []),
            {row[0]: int(row[1]) for row in rows.get("children", []) if len(row) == 2},
        ),
    )


def _product(row: list[str]) -> int:
    return math.prod(map(int, row))


def rows_of(lines: Iterable[str]) -> Rows:
    """The records' fields; the lines of sha256sum's are whole, as of the kind `sum`."""
    rows: Rows = {}
    for line in lines:
        if SUM.match(line):
            rows.setdefault("sum", []).append([line])
            continue
        kind, _, rest = line.partition("\t")
        rows.setdefault(kind, []).append(rest.split("\t"))
    return rows


def _user(row: list[str]) -> User | None:
    if len(row) != 4:
        return None
    group, groups, home, shell = row
    return User(home, shell, group, frozenset(groups.split()) - {group})


def sums_of(rows: list[list[str]]) -> dict[str, str]:
    """Of sha256sum's lines: 64 hex digits, a space, a space or star, the path."""
    return {row[0][66:]: row[0][:64] for row in reversed(rows)}


def entries_of(
    rows: list[list[str]], sums: dict[str, str], masked: dict[str, str], booted: float
) -> dict[str, Entry]:
    """Paths by their names, the first of two records of one.

    Args:
        sums: digests of files' contents, by path.
        masked: the same of an Nginx site with its addresses left out.
        booted: when the host did, in seconds since the epoch.
    """
    entries: dict[str, Entry] = {}
    for row in rows:
        if len(row) != 8 or row[0] in entries:
            continue
        path, letter, mode, owner, group, changed, modified, target = row
        kind = KINDS.get(letter, letter)
        entries[path] = Entry(
            kind=kind,
            mode=mode,
            owner=owner,
            group=group,
            changed=float(changed) - booted,
            modified=float(modified) - booted,
            target=target,
            sha256=sums.get(path, "") if kind == "file" else "",
            masked_sha256=masked.get(path, "") if kind == "file" else "",
        )
    return entries


def _log(lines: Iterable[str]) -> Iterator[LogEntry]:
    """Of the release log's lines; one that was cut short is passed over."""
    names = {field.name for field in fields(LogEntry)}
    for line in lines:
        try:
            values = json.loads(line)
            yield LogEntry(**{name: values[name] for name in names})
        except (ValueError, KeyError, TypeError):
            continue


def units_of(lines: Iterable[str]) -> dict[str, Unit]:
    """Of `systemctl show`'s blocks of KEY=VALUE lines, with an empty line between units."""
    blocks: list[dict[str, str]] = [{}]
    for line in lines:
        key, separator, value = line.partition("=")
        if separator:
            blocks[-1][key] = value
        else:
            blocks.append({})
    return {
        block["Id"].removesuffix(".service"): Unit(
            loaded=block.get("LoadState", ""),
            active=block.get("ActiveState", ""),
            enabled=block.get("UnitFileState", ""),
            pid=int(block.get("MainPID", "0")),
            changed=int(block.get("StateChangeTimestampMonotonic", "0")) / 1e6,
            is_stale=block.get("NeedDaemonReload") == "yes",
            drop_ins=tuple(block.get("DropInPaths", "").split()),
        )
        for block in blocks
        if "Id" in block
    }


def _processes(
    rows: list[list[str]], variables: list[list[str]], children: dict[str, int]
) -> tuple[Process, ...]:
    environments: dict[str, dict[str, str]] = {}
    for row in variables:
        if len(row) == 3:
            environments.setdefault(row[0], {}).setdefault(row[1], row[2])
    return tuple(
        Process(
            pid=int(row[0]),
            parent=int(row[1]),
            started=float(row[2]) / TICKS,
            command=tuple(word for word in row[3:] if word),
            environment=environments.get(row[0], {}),
            children=children.get(row[0], 0),
        )
        for row in rows
        if len(row) >= 4
    )
