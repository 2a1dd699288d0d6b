"""The state of a host, taken from outside, by means that know nothing of the deploy.

Files are read through the host's root file system as this machine sees it, the rest by plain
commands inside. Two hosts of the same state have the same fingerprint, whatever happened to them
before.
"""

import hashlib
import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from tests.e2e.http import wait_for
from tests.lab import Host

Fingerprint = dict[str, str]
"""What is there, by a name that starts with its kind: `path /etc/hosts`, `package nginx`."""

TREES = ("etc", "home", "usr/local", "var")


class Justified(NamedTuple):
    """A difference between two hosts that is none of the deploy's."""

    what: str
    """`path`: it and all below is passed over; `content`: a file's content is; `variable`: one of
    a process's environment is; `unit`, `process`: those of that name are."""
    pattern: str
    """A regular expression for all of the name."""
    reason: str


JUSTIFIED = (
    Justified("path", r".*/__pycache__", "Python's cache, made when a module is first imported"),
    Justified("path", r"/var/cache", "caches: apt's, debconf's"),
    Justified("path", r"/home/[^/]+/\.cache", "pip's cache"),
    Justified("path", r"/home/[^/]+/\.local/share/virtualenv", "virtualenv's cache"),
    Justified("path", r"/var/lib/apt/(lists|periodic)", "apt's lists: of when they were fetched"),
    Justified("path", r"/var/lib/(dpkg|ucf|apt)/.*(-old|\.0|/lock(-.*)?)", "dpkg's backups, locks"),
    Justified("path", r"/var/lib/systemd/(random-seed|timers|timesync)(/.*)?", "of the last boot"),
    Justified("path", r"/var/tmp", "temporary"),
    Justified("path", r"/var/log/(journal|apt)", "logs of the system"),
    Justified("path", r"/etc/(passwd|group|shadow|gshadow|subuid|subgid)-", "the tools' backups"),
    Justified("path", r"/etc/\.pwd\.lock", "made by the first tool that changes an account"),
    Justified("content", r"/var/log/.*", "logs: times, and what visitors asked for"),
    Justified("content", r"/etc/shadow", "has the day on which an account was made"),
    Justified("content", r"/home/[^/]+/shared/.*", "what the project itself writes: its database"),
    Justified("path", r"/home/[^/]+/shared/.*-(shm|wal)", "SQLite's, while a visitor is answered"),
    Justified("content", r"/home/.*/\.(built|files)", "has the times at which files were made"),
    Justified("content", r"/etc/(hostname|hosts|machine-id|ssh/ssh_host_.*)", "who the host is"),
    Justified("content", r"/etc/ld\.so\.cache", "has the order in which packages were installed"),
    Justified("content", r"/var/lib/(dpkg/status|apt/extended_states|ucf/hashfile)", "the same"),
    Justified("path", r"/run/(systemd|user|udev|log|host|credentials|lock)(/.*)?", "of the boot"),
    Justified("path", r"/run/django-stack(/.*)?", "made by the first who locks it since the boot"),
    Justified("path", r"/run/(sudo|utmp|agetty.*|motd.*)(/.*)?", "of who is logged in"),
    Justified("variable", r"INVOCATION_ID|JOURNAL_STREAM|SYSTEMD_EXEC_PID", "of the start"),
    Justified(
        "content",
        r".*/site-packages/[^/]+/RECORD",
        "virtualenv writes its lines in any order, and pip digests of scripts with its folder",
    ),
    Justified(
        "unit",
        r"systemd-ask-password-(console|wall)\.path",
        "fail where the machine that all hosts share has no inotify instance left",
    ),
    Justified("unit", r"(session-|user@|user-runtime-dir@|run-[ru]).*", "of who is logged in"),
    Justified("process", r"sshd: [^/].*|sshd-session: .*|\(sd-pam\)|\(sd-.*", "the same"),
    Justified(
        "process", r"/usr/lib/systemd/systemd --user|/lib/systemd/systemd --user", "the same"
    ),
    Justified(
        "process", r"/lib/systemd/systemd-[a-z]+|\(udev-worker\)", "come and go as asked for"
    ),
)
"""All that is passed over, and why."""

KEPT_ASIDE = r"path (/var/backups/replaced\b|[^:]*\.replaced-[0-9]+)"
"""For a line of a difference: what stood in the way is somebody's work, and is kept."""

NUMBERED = re.compile(
    rb"((?:releases/[0-9a-f]{12}-[0-9a-f]{8})|(?:\.virtualenvs/\.[0-9a-f]{12}-[0-9]\.[0-9]+))-[0-9]+"
)
"""A folder that was built again beside a damaged one; it counts as the one it stands for."""

ENDING = re.compile(r"shutting down|django-stack/|kill -CONT 0")
"""Processes that are about to end: Nginx's old workers; who holds a run's lock, up to a second
after it; who attends to what runs as the user, up to five seconds after it."""

ENVIRONMENT_OF = re.compile(r"nginx|gunicorn|supervisord")
"""Processes whose environment is looked at as well."""


def fingerprint(host: Host) -> Fingerprint:
    """The state of a host, once its processes have come to rest.

    Raises:
        AssertionError: they do not.
    """
    seen: list[Fingerprint] = [{}]

    def rests() -> bool:
        seen.append(_state(host))
        return seen[-1] == seen[-2] and not any(ENDING.search(name) for name in seen[-1])

    wait_for(f"{host.name} rests", rests)
    found = seen[-1]
    for name, value in files(host):
        # Of a damaged folder and the one built for it, both may be there.
        found[f"{name} again" if name in found else name] = value
    return found


def difference(before: Fingerprint, after: Fingerprint) -> list[str]:
    """What differs, a line for each thing; an empty list when nothing does."""
    names = sorted(name for name in before | after if before.get(name) != after.get(name))
    nothing = "not there"
    return [f"{n}: {before.get(n, nothing)} => {after.get(n, nothing)}" for n in names]


def is_justified(what: str, name: str) -> bool:
    """Whether something is passed over."""
    return bool(_pattern(what).fullmatch(name))


@cache
def _pattern(what: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{row.pattern})" for row in JUSTIFIED if row.what == what))


# Files


def files(host: Host) -> Iterator[tuple[str, str]]:
    """Everything below TREES with type, mode, owner, group, and content or target."""
    root = str(host.root)
    users, groups = _names(f"{root}/etc/passwd"), _names(f"{root}/etc/group")
    folders = [f"/{tree}" for tree in TREES]
    while folders:
        folder = folders.pop()
        with os.scandir(root + folder) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}"
                if is_justified("path", path):
                    continue
                info = entry.stat(follow_symlinks=False)
                owner = users.get(info.st_uid, str(info.st_uid))
                group = groups.get(info.st_gid, str(info.st_gid))
                kind, content = _content(root, path, info)
                mode = f"{stat.S_IMODE(info.st_mode):o}"
                yield f"path {_plain(path)}", f"{kind} {mode} {owner}:{group} {content}".rstrip()
                if kind == "folder":
                    folders.append(path)


def _content(root: str, path: str, info: os.stat_result) -> tuple[str, str]:
    if stat.S_ISDIR(info.st_mode):
        return "folder", ""
    if stat.S_ISLNK(info.st_mode):
        return "symlink", f"to {_plain(os.readlink(root + path))}"
    if not stat.S_ISREG(info.st_mode):
        return f"special {stat.S_IFMT(info.st_mode):o}", ""
    if is_justified("content", path):
        return "file", ""
    return "file", _sha256(root + path, info.st_ino, info.st_size, info.st_ctime_ns)


@cache
def _sha256(path: str, inode: int, size: int, changed: int) -> str:
    """Of a file; once for as long as it is not touched."""
    with open(path, "rb") as file:
        data = file.read()
    return hashlib.sha256(NUMBERED.sub(rb"\1", data)).hexdigest()[:16]


def _plain(text: str) -> str:
    return NUMBERED.sub(rb"\1", text.encode(errors="surrogateescape")).decode(errors="replace")


def _names(path: str) -> dict[int, str]:
    with open(path) as lines:
        rows = [line.split(":") for line in lines]
    return {int(row[2]): row[0] for row in rows}


# Everything else

KINDS = "service,socket,timer,path"
STATE = rf"""
export LC_ALL=C
echo @packages; dpkg-query -W -f '${{binary:Package}} ${{Version}} ${{db:Status-Abbrev}}\n'
echo @users; getent passwd
echo @groups; getent group
echo @enabled; systemctl list-unit-files --plain --no-legend --type {KINDS}
echo @units; systemctl list-units --all --plain --no-legend --type {KINDS}
echo @run; find /run -mindepth 1 -maxdepth 2 -printf '%p %y %m %u:%g %l\n'
echo @pids
for file in /run/*.pid; do
  echo "$file $(tr '\000' ' ' < "/proc/$(cat "$file")/cmdline")"
done 2>/dev/null
echo @sockets; ss -lntuxpH
echo @processes; exec python3 -I - $$
"""

PROCESSES = r"""
import os, pathlib, pwd, sys
shell = int(sys.argv[1])
mine = {shell, int(pathlib.Path(f"/proc/{shell}/stat").read_text().rpartition(")")[2].split()[1])}
for folder in pathlib.Path("/proc").glob("[0-9]*"):
    try:
        command = (folder / "cmdline").read_bytes().rstrip(b"\0 ")
        owner = pwd.getpwuid(folder.stat().st_uid).pw_name
        environment = (folder / "environ").read_bytes()
    except OSError:
        continue
    if command and int(folder.name) not in mine:
        print(owner, command.hex(), environment.hex(), sep=" ")
"""


def _state(host: Host) -> Fingerprint:
    sections: dict[str, list[str]] = {}
    for line in host.enter(STATE, input=PROCESSES).stdout.splitlines():
        if line.startswith("@"):
            rows = sections.setdefault(line[1:], [])
        else:
            rows.append(line)
    return {
        **{f"package {one}": rest for one, rest in _pairs(sections["packages"], " ")},
        **{f"user {one}": rest for one, rest in _pairs(sections["users"], ":")},
        **{f"group {one}": rest for one, rest in _pairs(sections["groups"], ":")},
        **{f"enabled {one}": rest.split()[0] for one, rest in _pairs(sections["enabled"], " ")},
        **dict(_units(sections["units"])),
        **dict(_run(sections["run"])),
        **{f"pid file {one}": rest for one, rest in _pairs(sections["pids"], " ")},
        **dict(_sockets(sections["sockets"])),
        **_processes(sections["processes"]),
    }


def _pairs(lines: list[str], separator: str) -> Iterator[tuple[str, str]]:
    for line in lines:
        first, _, rest = line.partition(separator)
        yield first, rest.strip()


def _run(lines: list[str]) -> Iterator[tuple[str, str]]:
    for name, rest in _pairs(lines, " "):
        if not is_justified("path", name):
            yield f"path {name}", rest


def _units(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Units that are more than read: systemd lists what is inactive only as long as it likes."""
    for line in lines:
        name, _, active, sub = line.split()[:4]
        if active != "inactive" and not is_justified("unit", name):
            yield f"unit {name}", f"{active} {sub}"


def _sockets(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        words = line.split()
        # A TCP socket has its peer in one word, a unix socket's address has the inode beside it.
        programs = sorted(set(re.findall(r'\("([^"]*)",', line)))
        address = re.sub(r"\.\d+$", "", words[4])
        if not is_justified("path", address):
            yield f"socket {words[0]} {address}", " ".join(programs)


def _processes(lines: list[str]) -> Fingerprint:
    """How many of each there are; those of the site's with a digest of each variable."""
    counted: Counter[str] = Counter()
    for line in lines:
        owner, command, environment = (line + " ").split(" ")[:3]
        words = _plain(bytes.fromhex(command).decode(errors="replace")).replace("\0", " ")
        if is_justified("process", words):
            continue
        told = _variables(bytes.fromhex(environment)) if ENVIRONMENT_OF.search(words) else ""
        counted[f"process {owner}: {words} {told}".rstrip()] += 1
    return {name: str(number) for name, number in counted.items()}


def _variables(environment: bytes) -> str:
    digests = {}
    # Nginx overwrites its own: what has no name is none.
    for word in environment.split(b"\0"):
        name, separator, value = word.partition(b"=")
        text = name.decode(errors="replace")
        if separator and not is_justified("variable", text):
            digests[text] = hashlib.sha256(NUMBERED.sub(rb"\1", value)).hexdigest()[:8]
    return " ".join(f"{name}={digests[name]}" for name in sorted(digests))
