"""From the records that HostState's command prints to an Observation: pure functions."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields

from packaging.version import Version

from stack.facts.entries import entries_of, sums_of
from stack.facts.home_parsing import home_of
from stack.facts.records import Field, Rows, address, base64_of, rows_of, version
from stack.facts.running import processes_of, units_of
from stack.host.observation import LogEntry, Observation, User
from stack.host.printable import printable
from stack.host.recorded import projects_of
from stack.project.site import masked_digest, proxied_to

NO_HOME = "-"
"""What stands for the records of a home that is not there."""

RECORDS: dict[str, tuple[Field, ...]] = {
    "uid": (int,),
    "os": (str,),
    "os-version": (Version,),
    "time": (float, float),
    "python": (version,),
    "interpreter": (str,),
    "free": (int, int, int),
    "package": (str, str),
    "group": (str,),
    "user": (str, str, str, str),
    "lived-in": (str,),
    "gone": (str,),
    "root": (str,),
    "may-be-root": (str,),
    "nginx": (float,),
    "unit": (str,),
    "entry": (str, str, str, str, str, float, float, str),
    "text": (str, base64_of),
    "site": (str,),
    "nginx-pid": (int,),
    "nginx-file": (str, base64_of),
    "at-port": (int, str),
    "at-bind": (address, str),
    "without": (str, str),
    "project": (str, base64_of),
    "supervisor-stray": (str, str),
    "supervisor-socket": (str, str),
    "supervisor-stopped": (int,),
    "swap-file": (str,),
    "swaps": (str,),
    "run": (str,),
    "ssh-port": (int,),
    "listening": (int,),
    "firewall": (str,),
    "ufw": (str, str),
    "process": (int, int, str, float, str),
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
    without = {row[0]: row[1] for row in rows.get("without", [])}
    return Observation(
        uid=int(first("uid", "-1")),
        system=family[0] if family else "",
        system_version=first("os-version", ""),
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
        user_lived_here="lived-in" in rows,
        user_lost=frozenset(row[0] for row in rows.get("gone", [])),
        roots=frozenset(row[0] for row in rows.get("root", [])),
        user_may_be_root="may-be-root" in rows,
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
        changed={folder: tuple(names) for folder, names in home.changed.items()},
        is_whole=home.is_whole or encoded == NO_HOME,
        proxied_to=proxied_to(nginx_files.get(first("site", ""), "")),
        nginx_changed=max((float(row[0]) - booted for row in rows.get("nginx", [])), default=0.0),
        nginx_pid=first("nginx-pid", ""),
        nginx_files=nginx_files,
        user_is_elsewhere="account" in without,
        has_ipv6="IPv6" not in without,
        noexec=without.get("programs", ""),
        read_only=without.get("writing", ""),
        at_ports=_holders(rows.get("at-port", [])),
        at_bind=tuple((row[0], row[1]) for row in rows.get("at-bind", [])),
        at_supervisors_socket=next(
            ((row[0], row[1]) for row in rows.get("supervisor-socket", [])), None
        ),
        supervisor_is_stopped="supervisor-stopped" in rows,
        supervisor_strays=tuple((row[0], row[1]) for row in rows.get("supervisor-stray", [])),
        projects=projects_of((row[0], base64_of(row[1])) for row in rows.get("project", [])),
        swap_file=first("swap-file", ""),
        swaps="swaps" in rows,
        deploying=printable(first("run", "")),
        ssh_ports=tuple(sorted({int(row[0]) for row in rows.get("ssh-port", [])})),
        listening=frozenset(int(row[0]) for row in rows.get("listening", [])),
        firewall=first("firewall", ""),
        ufw=tuple((row[0], row[1]) for row in rows["ufw"] if row[0]) if "ufw" in rows else None,
        log=tuple(_log(row[0] for row in rows.get("log", []))),
        units=units_of(row[0] for row in rows.get("unit", [])),
        processes=processes_of(
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


def _user(row: list[str]) -> User:
    group, groups, home, shell = row
    return User(home, shell, group, frozenset(groups.split()) - {group})


def _log(lines: Iterable[str]) -> Iterator[LogEntry]:
    """Of the release log's lines; one that was cut short is passed over."""
    names = {field.name for field in fields(LogEntry)}
    for line in lines:
        try:
            values = json.loads(line)
            values = {k: printable(v) if isinstance(v, str) else v for k, v in values.items()}
            yield LogEntry(**{name: values[name] for name in names})
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
