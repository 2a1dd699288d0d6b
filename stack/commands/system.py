"""Packages, accounts and services."""

import shlex
from collections.abc import Iterable

from pyinfra.api import StringCommand

from stack.project.layout import Layout
from stack.project.target import Target
from stack.shell.printing import telling
from stack.state.services import SOCKET

LOCK_SECONDS = 60
"""How long to wait for another apt or dpkg, such as the unattended upgrades."""

# apt-get can wait for dpkg's lock, but not for that of its lists, and dpkg waits for none. Whether
# something is locked is read from what they say, in English.
INSTALL = r"""
# needrestart would ask, or restart what others run.
export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 APT_LISTCHANGES_FRONTEND=none
install() {
  apt-get install -y -q --no-install-recommends \
    -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@" < /dev/null
}
locked() { grep -q 'Could not get lock\|is locked by\|lock was locked by' "$output"; }
output=$(mktemp)
# Packages start their services as soon as they are there, with Debian's own files. Ours come
# first: so nothing but us starts ours. Should this process be killed, its word is void.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ] || grep -q 'while a deployment installs' "$policy"; then
  printf '%s\n' '#!/bin/sh' '# Only for a while, while a deployment installs packages.' \
    "[ -e /proc/$$ ] || exit 0" \
    'case $1 in @held@) exit 101 ;; esac' > "$policy"
  chmod 755 "$policy"
  trap 'rm -f "$output" "$policy"' EXIT
else
  trap 'rm -f "$output"' EXIT
fi
waited=0
while :; do
  if ! dpkg --configure -a --force-confdef --force-confold > "$output" 2>&1 < /dev/null; then :
  elif install "$@" > "$output" 2>&1; then exit 0
  elif ! locked && apt-get update -q > "$output" 2>&1 && install "$@" > "$output" 2>&1; then exit 0
  fi
  locked && [ "$waited" -lt @seconds@ ] || break
  sleep 1
  waited=$((waited + 1))
done
tail -n 20 "$output" >&2
if locked; then
  pid=$(sed -n 's/.*\(pid\|process\) \([0-9][0-9]*\).*/\2/p' "$output" | head -n 1)
  command=$(tr '\000' ' ' 2>/dev/null < "/proc/$pid/cmdline")
  echo "Waited for this lock for @seconds@ s. It is held by process $pid: $command" >&2
fi
exit 1
"""


def install(packages: Iterable[str], held: Iterable[str]) -> StringCommand:
    """Install Debian packages, with apt's lists renewed only where the old ones do not do.

    Args:
        held: how the names of services begin that are not to start by themselves.
    """
    script = INSTALL.replace("@seconds@", str(LOCK_SECONDS))
    script = script.replace("@held@", "|".join(f"{service}*" for service in held))
    return StringCommand(shlex.join(["sh", "-c", script, "sh", *packages]))


def create_user(target: Target, groups: Iterable[str], number: str) -> StringCommand:
    """Make the user and his home.

    Args:
        groups: the extra ones.
        number: the user's number; empty for the next that is free.
    """
    group, extra = target.settings.user_group, ",".join(groups)
    words = ["useradd", "-g", group, *(["-G", extra] if extra else []), "-m", "-s", "/bin/bash"]
    words += ["-u", number] if number else []
    words += ["-d", str(target.layout.home), target.layout.user]
    return StringCommand(f"{_make_group(target.layout)} && {shlex.join(words)}")


def change_user(target: Target, groups: Iterable[str]) -> StringCommand:
    """Give an existing user his groups, shell and home."""
    words = ["usermod", "-g", target.settings.user_group, "-G", ",".join(groups)]
    words += ["-s", "/bin/bash", target.layout.user]
    # usermod changes no home while the user has processes; vipw does, under the same lock.
    edit = rf"s,^({target.layout.user}:([^:]*:){{4}})[^:]*,\1{target.layout.home},"
    editor = f"VISUAL={shlex.quote(shlex.join(['sed', '-i', '-E', edit]))}"
    change = f"{shlex.join(words)} && {editor} vipw > /dev/null"
    return StringCommand(f"{_make_group(target.layout)} && {change}")


def _make_group(layout: Layout) -> str:
    return shlex.join(["groupadd", "--force", "--system", layout.log_group])


def own_home(target: Target) -> StringCommand:
    """Let others pass through the home, as Nginx must to the static files, but not look."""
    owner = f"{target.layout.user}:{target.settings.user_group}"
    home = shlex.quote(str(target.layout.home))
    return StringCommand(
        f"mkdir -p {home} && chown {shlex.quote(owner)} {home} && chmod 711 {home}"
    )


def refuse(line: str) -> StringCommand:
    """A command that fails with a line for the person at the terminal."""
    return StringCommand(f"echo {shlex.quote(line)} >&2; exit 1")


def open_socket() -> StringCommand:
    """Give supervisord's socket the owner and mode that supervisord gives it."""
    return StringCommand(f"chown nobody:nogroup {SOCKET} && chmod 0770 {SOCKET}")


def put_aside(paths: Iterable[str]) -> StringCommand:
    """Move files to where nothing reads them, and say so."""
    calls = "; ".join(
        f"aside {shlex.quote(path)}; echo {shlex.quote(f'{path} is in /var/backups/replaced now.')}"
        for path in paths
    )
    return telling(StringCommand(f"set -e; {ASIDE}{calls}"))


ASIDE = r"""
aside() {
  mkdir -p /var/backups/replaced
  mv -T "$1" "/var/backups/replaced/$(printf %s "$1" | tr / -)-$(date +%s)"
}
"""
