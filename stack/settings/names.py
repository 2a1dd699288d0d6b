"""Checks of names that end up in paths and in the files of Supervisor and Debian."""

from stack.settings.check import Check, matching

# Users of Debian's base system and of what we install; the deployment would take over their home.
SYSTEM_USERS = (
    "root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats "
    "nobody _apt messagebus sshd systemd-network systemd-resolve systemd-timesync nginx "
    "supervisor postgres mysql redis"
)
# Groups of Debian's base system: the project's user would be in the one of his name, and it would
# go with him.
SYSTEM_GROUPS = (
    "adm audio cdrom crontab dialout dip disk docker fax floppy input kmem kvm libvirt lxd netdev "
    "nogroup operator plugdev render sasl sgx shadow src ssh staff sudo tape tty users utmp video "
    "voice wheel"
)
# Files and folders of the system's have these names in /var/log, /etc/logrotate.d, /etc/profile.d,
# /etc/ssl, /var/lib and /etc/nginx/sites-available, and a folder of ours in /var/backups, and the
# project would take them over. Of others the host itself tells, when they are there.
SYSTEM_NAMES = frozenset(
    "alternatives apache2 apt aptitude bash_completion btmp certbot certs chrony cups dbus default "
    "dpkg exim4 fail2ban faillog installer journal lastlog letsencrypt postgresql private replaced "
    "rsyslog samba sudo supervisor syslog systemd ufw unattended-upgrades wtmp".split()
)
# ~/PROJECT would be in the way of these folders of the home.
HOME_FOLDERS = frozenset({"logs", "releases", "shared"})

_USER = matching(
    r"[a-z_][a-z0-9_-]{0,31}",
    "a user name: up to 32 of a-z, 0-9, _ and -, the first no digit and no -",
)


def _own_user(name: str) -> str:
    _USER.accept(name)
    if name in SYSTEM_USERS.split():
        raise ValueError("is a user of the system; expected a user name of the project's own")
    if name in SYSTEM_GROUPS.split():
        raise ValueError("is a group of the system; expected a user name of the project's own")
    if name in SYSTEM_NAMES:
        raise ValueError("is a name of the system's in /var/log or /etc; expected another one")
    if name in HOME_FOLDERS:
        raise ValueError(f"~/{name} is in use in the home; expected another user name")
    return name


USER = Check(_USER.expected, _own_user)

GROUP = matching(
    r"[a-z_][a-z0-9_-]{0,31}",
    "a group name: up to 32 of a-z, 0-9, _ and -, the first no digit and no -",
)


# The longest that is made of it is its path in /var/backups/replaced, which has the project's name
# too, and has to fit into 255 bytes.
MOST_OF_A_NAME = 100


def _program(name: str) -> str:
    if len(name) > MOST_OF_A_NAME:
        raise ValueError(f"is longer than {MOST_OF_A_NAME} characters; expected a shorter name")
    matching(r"[A-Za-z0-9][A-Za-z0-9_.-]*", "").accept(name)
    if name == "all":
        raise ValueError("means every program to supervisorctl; expected another name")
    return name


PROGRAM = Check("a name of letters, digits, _, . and -, the first a letter or digit", _program)


def _beside(name: str) -> str:
    if name in LOGS or name.startswith("schedule-"):
        raise ValueError(f"{name}.log is a log of the deployment's own; expected another name")
    return _program(name)


# The log of each program is named after it.
LOGS = frozenset({"gunicorn", "uwsgi", "understudy", "releases", "nginx.access", "nginx.error"})
BESIDE = Check(PROGRAM.expected, _beside)

PACKAGE = matching(
    r"[a-z0-9][a-z0-9+.-]*[a-z0-9+.]",
    "the name of a Debian package, such as libpq-dev, without a version",
)

EXTRA = matching(
    r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?",
    "a name of letters, digits and . _ -, such as postgres",
)

_IDENTIFIER = r"[A-Za-z_][A-Za-z0-9_]*"
_DOTTED = rf"{_IDENTIFIER}(\.{_IDENTIFIER})*"
WSGI = matching(
    rf"{_DOTTED}(:{_IDENTIFIER})?",
    "a dotted module path, such as fooproject.wsgi, or module:callable",
)
ASGI = matching(
    rf"({_DOTTED}(:{_IDENTIFIER})?)?",
    "a dotted module path, such as fooproject.asgi, or module:callable",
)
WORKER_CLASS = matching(
    rf"({_DOTTED})?", "a name, such as gevent, or the dotted path of a class in a package"
)
