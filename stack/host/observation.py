"""What a host is like: the nouns that operations compare with what is declared."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stack.host.recorded import Project


@dataclass(frozen=True)
class Entry:
    """One path as it is on a host, not followed if it is a symlink."""

    kind: str
    """`file`, `directory`, `link`, or find(1)'s letter for anything else."""
    mode: str
    """Octal, as chmod takes it, without leading zeros."""
    owner: str
    group: str
    changed: float
    """The inode's last change, in seconds since the host booted; negative before that."""
    modified: float
    """The content's last change, in seconds since the host booted."""
    target: str = ""
    """Where a symlink points."""
    sha256: str = ""
    """Of a regular file's content."""
    masked_sha256: str = ""
    """Of an Nginx site's content, with the addresses of its proxy_pass directives left out."""


@dataclass(frozen=True)
class Unit:
    """A systemd unit as it is on a host."""

    loaded: str = "not-found"
    active: str = "inactive"
    enabled: str = ""
    pid: int = 0
    changed: float = 0.0
    """When the unit last changed its state or was reloaded, in seconds since the host booted."""
    is_stale: bool = False
    """Whether systemd has not read its files since they changed."""
    drop_ins: tuple[str, ...] = ()
    """The paths of what it has read besides the unit's own file."""
    result: str = ""
    """How it ended last, in systemd's words; "success" also before that."""

    @property
    def runs(self) -> bool:
        """Whether the unit is up now and will be after a boot."""
        return self.active == "active" and self.enabled == "enabled"


@dataclass(frozen=True)
class Process:
    """A worker of Nginx's, or the main process of a program that Supervisor started."""

    pid: int
    parent: int
    owner: str
    """The account whose it really is, whatever it may do as another: its name, or its number where
    no file has that."""
    started: float
    """In seconds since the host booted."""
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    """Only the variables that carry an identity; never a secret."""
    children: int = 0
    """How many processes it has started and that are there."""


@dataclass(frozen=True)
class User:
    """An account."""

    home: str
    shell: str
    group: str
    groups: frozenset[str]
    """The extra groups, without the primary one."""


@dataclass(frozen=True)
class LogEntry:
    """An attempt to put a release live."""

    time: str
    """In UTC, as ISO 8601 has it."""
    release: str
    """The name of its folder in ~/releases."""
    revision: str
    before: str
    """What was live until then; empty when nothing was."""
    by: str
    """Who did it, and from where."""
    result: str
    """`live` or `failed`."""
    why: str
    """Why it failed."""
    seconds: float


@dataclass(frozen=True)
class Observation:
    """A host at one moment, read in one command."""

    uid: int = 0
    system: str = ""
    """os-release's ID."""
    system_version: str = ""
    """os-release's VERSION_ID; empty where a release has none yet, as Debian's next one."""
    family: frozenset[str] = frozenset()
    """os-release's ID and ID_LIKE."""
    python: str = ""
    """The project's interpreter as "3.11"; empty when it is not there."""
    interpreters: tuple[str, ...] = ()
    """The Pythons that the host has: python3.11 and so on."""
    now: float = 0.0
    """By the host's clock, in seconds since the epoch."""
    uptime: float = 0.0
    """Seconds since the host booted, at the moment of reading."""
    packages: frozenset[str] = frozenset()
    """Those of the packages asked for that are installed."""
    groups: frozenset[str] = frozenset()
    free_bytes: int | None = None
    """On the disk that releases lie on, for those who are not root; None when it is not known."""
    free_inodes: int | None = None
    """How many more files that disk can hold; None when it is not known."""
    user: User | None = None
    user_is_elsewhere: bool = False
    """Whether no file of the host's has the account: LDAP, say, or a library of the system's."""
    user_lived_here: bool = False
    """Whether the home that he had before the first deployment is the project's, or in that, by
    whatever path."""
    user_lost: frozenset[str] = frozenset()
    """Of the groups, the shell and the home that he had then, those that the host has no more."""
    is_whole: bool = True
    """Whether the home could be read to its end; else there may be more in it."""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    """What is in the files that it takes to serve again what is served now, by their paths."""
    damaged: frozenset[str] = frozenset()
    """Folders of releases and virtualenvs that are no longer as they were built."""
    changed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What of a release is no longer so, by its folder: paths from there. Whether that damages it
    is for the settings to say."""
    nginx_changed: float = 0.0
    """The last change to what is below /etc/nginx, or to what links there lead to, in seconds since
    the host booted."""
    proxied_to: str = ""
    """The address that the Nginx site sends visitors to; empty when it sends them nowhere."""
    nginx_pid: str = ""
    """What Nginx's pid file holds."""
    nginx_files: Mapping[str, str] = field(default_factory=dict)
    """The texts of files of Nginx's that may have a server block, by their paths, ours too."""
    roots: frozenset[str] = frozenset()
    """Users, and groups with a % before them, whom sudo makes root without a password."""
    user_may_be_root: bool = False
    """Whether sudo says so of the user, with the groups that he has now."""
    has_ipv6: bool = True
    """Whether the kernel has IPv6, in which addresses may be switched off all the same."""
    noexec: str = ""
    """Where what the home is on is mounted, if no program may run from it."""
    read_only: str = ""
    """The same, if nothing may be written to it."""
    at_ports: Mapping[int, str] = field(default_factory=dict)
    """The programs that hold the ports of the web."""
    at_bind: tuple[tuple[str, str], ...] = ()
    """Where accounts besides the project's listen at the app server's port, as ss has it, and the
    names of those."""
    at_supervisors_socket: tuple[str, str] | None = None
    """Who listens there, where it is not Debian's supervisord, and the unit of it."""
    supervisor_is_stopped: bool = False
    """Whether a signal has stopped supervisord (SIGSTOP, say): to systemd it runs."""
    supervisor_strays: tuple[tuple[str, str], ...] = ()
    """Files of Supervisor's, ours among them, and lines of theirs that declare one of our programs
    or supervisord itself."""
    projects: tuple[Project, ...] = ()
    """What root has written down of each project on the host, this one among them."""
    swap_file: str = ""
    """Of our own: its bytes, mode and owner; empty where there is none."""
    swaps: bool = False
    """Whether the host swaps to it."""
    deploying: str = ""
    """Who has the lock of runs, from where and since when; empty where nobody has."""
    ssh_ports: tuple[int, ...] = ()
    """Where sshd listens, and where it will; read where a firewall is asked for, or is there."""
    listening: frozenset[int] = frozenset()
    """The ports of TCP at which others can reach the host, or could; read there too."""
    firewall: str = ""
    """Whether its live rules are "as filed", which holds all files of it; empty without any."""
    ufw: tuple[tuple[str, str], ...] | None = None
    """The ports that ufw lets somebody in at, and from where; None where it lets in everybody."""
    log: tuple[LogEntry, ...] = ()
    """The end of the host's release log, oldest first."""
    units: Mapping[str, Unit] = field(default_factory=dict)
    processes: tuple[Process, ...] = ()

    def changed_since(self, entry: Entry, moment: float) -> bool:
        """Whether a path changed after a moment, in seconds since the host booted.

        A change that lies in the future tells that the clock was set back, and nothing else.
        """
        return moment < entry.changed <= self.uptime

    def children(self, unit: str) -> list[Process]:
        """The direct children of a unit's main process."""
        pid = self.units.get(unit, Unit()).pid
        return [process for process in self.processes if pid and process.parent == pid]
