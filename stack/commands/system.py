"""Packages, accounts and services."""

from collections.abc import Iterable

from pyinfra.api import StringCommand

from stack import onhost
from stack.commands.build import LINK
from stack.commands.lock import alone_on_host
from stack.project.layout import Layout
from stack.project.leaving import Belongings
from stack.project.packages import POLICY, POLICY_MARK
from stack.project.supervisor_files import CLOSED_SOCKET, FORMER_GUARD
from stack.project.target import Target
from stack.shell.account import MOMENT, as_user
from stack.shell.printing import telling
from stack.shell.scripts import as_root, script
from stack.state.services import SOCKET

LOCK_SECONDS = 60
"""How long to wait for another apt or dpkg, such as the unattended upgrades."""

INSTALL = script(__file__, "install.sh")
FORGET_POLICY = script(__file__, "forget_policy.sh")
CREATE_USER = script(__file__, "create_user.sh", "numbers.sh")
CHANGE_USER = script(__file__, "change_user.sh", "numbers.sh", "set_home.sh")
OWN_HOME = script(__file__, "own_home.sh")
CLOSE_SHARED = script(__file__, "close_shared.sh")
OPEN_RELEASES = script(__file__, "open_releases.sh")
REFUSE = script(__file__, "refuse.sh")
CONTINUE_SUPERVISOR = script(__file__, "continue_supervisor.sh")
OPEN_SOCKET = script(__file__, "open_socket.sh")
CLOSE_SOCKET = script(__file__, "close_socket.sh", "keep_to_root.sh", "let_reload.sh")
READ_UNITS = script(__file__, "read_units.sh")
PUT_ASIDE = script(__file__, "put_aside.sh", "aside.sh")


def install(packages: Iterable[str], held: Iterable[str]) -> StringCommand:
    """Install Debian packages, with apt's lists renewed only where the old ones do not do.

    Args:
        held: how the names of services begin that are not to start by themselves.
    """
    pattern = "|".join(f"{service}*" for service in held)
    return alone_on_host(as_root(INSTALL, str(LOCK_SECONDS), pattern, POLICY_MARK, *packages))


def forget_policy() -> StringCommand:
    """Remove what a run that was killed has left behind, by which packages start no services."""
    return alone_on_host(as_root(FORGET_POLICY, POLICY, POLICY_MARK))


def create_user(target: Target, groups: Iterable[str], number: str) -> StringCommand:
    """Make the user and its home.

    Args:
        groups: the extra ones.
        number: the user's number; empty for the next that is free.
    """
    layout, extra = target.layout, ",".join(groups)
    words = ["-g", target.settings.user_group, *(["-G", extra] if extra else [])]
    words += ["-m", "-s", "/bin/bash", *(["-u", number] if number else [])]
    words += ["-d", str(layout.home), layout.user]
    return as_root(CREATE_USER, layout.log_group, Belongings(layout).account, *words)


def change_user(target: Target, groups: Iterable[str], is_first: bool) -> StringCommand:
    """Give an existing user his groups, shell and home.

    Args:
        groups: the extra ones.
        is_first: whether no deployment has been here, so that what he is like is written down.
    """
    layout = target.layout
    record = Belongings(layout).account if is_first else ""
    words = [layout.log_group, layout.user, str(layout.home), record]
    words += ["-g", target.settings.user_group, "-G", ",".join(groups), "-s", "/bin/bash"]
    return as_root(CHANGE_USER, *words, layout.user)


def own_home(target: Target) -> StringCommand:
    """Let others pass through the home, as Nginx must to the static files, but not look."""
    owner = f"{target.layout.user}:{target.settings.user_group}"
    return as_root(OWN_HOME, str(target.layout.home), owner)


def refuse(line: str) -> StringCommand:
    """A command that fails with a line for the person at the terminal."""
    return as_root(REFUSE, line)


def continue_supervisor() -> StringCommand:
    """Have supervisord go on, which a signal has stopped."""
    return as_root(CONTINUE_SUPERVISOR)


def open_socket() -> StringCommand:
    """Give supervisord's socket the owner and mode that supervisord.conf says."""
    return as_root(OPEN_SOCKET, SOCKET, CLOSED_SOCKET.path, FORMER_GUARD)


def close_socket() -> StringCommand:
    """Keep supervisord's socket to root, and what is connected; its file is in place."""
    words = (SOCKET, onhost.script("disconnect"), FORMER_GUARD)
    return alone_on_host(telling(as_root(CLOSE_SOCKET, *words)))


def read_units() -> StringCommand:
    """Have systemd read the files of its units, which starts and stops nothing."""
    return as_root(READ_UNITS)


def put_aside(paths: Iterable[str]) -> StringCommand:
    """Move files to where nothing reads them, and say so."""
    return telling(as_root(PUT_ASIDE, *paths))


def open_releases(layout: Layout) -> StringCommand:
    """Let Nginx pass to the static files."""
    return as_user(layout, OPEN_RELEASES, str(layout.releases), seconds=MOMENT)


def close_shared(layout: Layout) -> StringCommand:
    """Keep what is shared to the user, and Nginx where it serves uploads."""
    return as_user(layout, CLOSE_SHARED, str(layout.shared), seconds=MOMENT)


def link_logs(layout: Layout) -> StringCommand:
    """~/logs leads to the logs."""
    link = str(layout.home / "logs")
    return as_user(layout, LINK, str(layout.logs), link, seconds=MOMENT)
