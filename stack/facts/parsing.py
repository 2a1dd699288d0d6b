"""From the records that HostState's command prints to an Observation: pure functions."""

import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields

from stack.facts.home_parsing import home_of
from stack.host.observation import Entry, LogEntry, Observation, Process, Unit, User
from stack.host.recorded import projects_of
from stack.project.site import masked_digest, proxied_to

SUM = re.compile(r"[0-9a-f]{64} [ *]")
"""How a line of sha256sum's begins; the path follows."""

TICKS = 100
"""In a second, in /proc: the kernel's promise to programs, whatever its own clock does."""

VERSION = re.compile(r"[0-9]+\.[0-9]+")

NO_HOME = "-"
"""What stands for the records of a home that is not there."""

HOLD_TABS = frozenset({"process", "log"})
"""Kinds whose last field holds what tabs there are."""

KINDS = {"f": "file", "d": "directory", "l": "link"}


def version(text: str) -> str:
    """A version as "3.11". Raises ValueError for anything else."""
    if not VERSION.fullmatch(text):
        raise ValueError(text)
    return text


def base64_of(text: str) -> str:
    """What a text is the base64 of. Raises ValueError where it is of nothing."""
    return b64decode(text, validate=True).decode(errors="replace")


Field = Callable[[str], object]
Rows = dict[str, list[list[str]]]
"""The fields of records, by their kind."""

RECORDS: dict[str, tuple[Field, ...]] = {
    "uid": (int,),
    "os": (str,),
    "time": (float, float),
    "python": (version,),
    "interpreter": (str,),
    "free": (int, int, int),
    "package": (str, str),
    "group": (str,),
    "user": (str, str, str, str),
    "nginx": (float,),
    "unit": (str,),
    "entry": (str, str, str, str, str, float, float, str),
    "text": (str, base64_of),
    "site": (str,),
    "nginx-pid": (int,),
    "nginx-file": (str, base64_of),
    "at-port": (int, str),
    "project": (str, base64_of),
    "supervisor-stray": (str,),
    "swap-file": (str,),
    "swaps": (str,),
    "ssh-port": (int,),
    "listening": (int,),
    "firewall": (str,),
    "process": (int, int, float, str),
    "variable": (int, str, str),
    "children": (int, int),
    "home": (str, str),
    "log": (str,),
}
"""What each kind of record has; of `process` and `log` the last field holds the rest."""


def parse(lines: Iterable[str]) -> Observation:
    """Read records; those that are cut short, malformed or unknown are passed over."""
    rows = rows_of(lines, RECORDS)

    def first(kind: str, default: str) -> str:
        return rows[kind][0][0] if kind in rows else default

    time = rows.get("time", [["0", "0"]])[0]
    booted = float(time[0]) - float(time[1])
    family = [word for row in rows.get("os", []) for word in row[0].split()]
    path, encoded = rows.get("home", [["", ""]])[0]
    home = home_of(path, encoded)
    nginx_files = {row[0]: base64_of(row[1]) for row in rows.get("nginx-file", [])}
    return Observation(
        uid=int(first("uid", "-1")),
        system=family[0] if family else "",
        family=frozenset(family),
        python=first("python", ""),
        interpreters=tuple(row[0] for row in rows.get("interpreter", [])),
        now=float(time[0]),
        uptime=float(time[1]),
        packages=frozenset(r[0] for r in rows.get("package", []) if r[1:] == ["installed"]),
        groups=frozenset(row[0] for row in rows.get("group", [])),
        free_bytes=_free(rows, lambda blocks, size, inodes: blocks * size),
        free_inodes=_free(rows, lambda blocks, size, inodes: inodes),
        user=_user(rows["user"][0]) if "user" in rows else None,
        entries={
            # The first of two of one path counts: root's own words before the user's.
            **entries_of(home.entries, home.sums, {}, booted),
            **entries_of(
                rows.get("entry", []),
                sums_of(rows.get("sum", [])),
                {path: masked_digest(text) for path, text in nginx_files.items()},
                booted,
            ),
        },
        texts={row[0]: base64_of(row[1]) for row in rows.get("text", [])},
        damaged=home.damaged,
        is_whole=home.is_whole or encoded == NO_HOME,
        proxied_to=proxied_to(nginx_files.get(first("site", ""), "")),
        nginx_changed=float(rows["nginx"][0][0]) - booted if "nginx" in rows else 0.0,
        nginx_pid=first("nginx-pid", ""),
        nginx_files=nginx_files,
        at_ports=_holders(rows.get("at-port", [])),
        supervisor_strays=tuple(row[0] for row in rows.get("supervisor-stray", [])),
        projects=projects_of((row[0], base64_of(row[1])) for row in rows.get("project", [])),
        swap_file=first("swap-file", ""),
        swaps="swaps" in rows,
        ssh_ports=tuple(sorted({int(row[0]) for row in rows.get("ssh-port", [])})),
        listening=frozenset(int(row[0]) for row in rows.get("listening", [])),
        firewall=first("firewall", ""),
        log=tuple(_log(row[0] for row in rows.get("log", []))),
        units=units_of(row[0] for row in rows.get("unit", [])),
        processes=_processes(
            rows.get("process", []),
            rows.get("variable", []),
            {row[0]: int(row[1]) for row in rows.get("children", [])},
        ),
    )


def _free(rows: Rows, of: Callable[[int, int, int], int]) -> int | None:
    return of(*map(int, rows["free"][0])) if "free" in rows else None


def _holders(rows: list[list[str]]) -> dict[int, str]:
    """Who holds a port. Nginx, where it does, whoever else does so at an address of the host's."""
    rows = sorted(rows, key=lambda row: row[1].startswith("nginx "))
    return {int(row[0]): row[1] for row in rows}


def rows_of(lines: Iterable[str], records: Mapping[str, tuple[Field, ...]]) -> Rows:
    """The fields of records that are as they have to be, of each kind in `records`.

    The lines of sha256sum's are whole, as of the kind `sum`.
    """
    rows: Rows = {}
    for line in lines:
        if SUM.match(line):
            rows.setdefault("sum", []).append([line])
            continue
        kind, _, rest = line.partition("\t")
        wanted = records.get(kind, ())
        limit = len(wanted) - 1 if kind in HOLD_TABS else -1
        row = rest.split("\t", limit)
        if wanted and len(row) == len(wanted) and all(map(_is, wanted, row)):
            rows.setdefault(kind, []).append(row)
    return rows


def _is(field: Field, text: str) -> bool:
    try:
        field(text)
    except ValueError:
        return False
    return True


def _user(row: list[str]) -> User:
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
        masked: the same of Nginx's sites with their addresses left out.
        booted: when the host did, in seconds since the epoch.
    """
    entries: dict[str, Entry] = {}
    for row in rows:
        if row[0] in entries:
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
            pid=_number(block.get("MainPID", "")),
            changed=_number(block.get("StateChangeTimestampMonotonic", "")) / 1e6,
            is_stale=block.get("NeedDaemonReload") == "yes",
            drop_ins=tuple(block.get("DropInPaths", "").split()),
            result=block.get("Result", ""),
        )
        for block in blocks
        if "Id" in block
    }


def _number(text: str) -> int:
    return int(text) if _is(int, text) else 0


def _processes(
    rows: list[list[str]], variables: list[list[str]], children: dict[str, int]
) -> tuple[Process, ...]:
    environments: dict[str, dict[str, str]] = {}
    for row in variables:
        environments.setdefault(row[0], {}).setdefault(row[1], row[2])
    return tuple(
        Process(
            pid=int(row[0]),
            parent=int(row[1]),
            started=float(row[2]) / TICKS,
            command=tuple(word for word in row[3].split("\t") if word),
            environment=environments.get(row[0], {}),
            children=children.get(row[0], 0),
        )
        for row in rows
    )
