"""All that a plan needs to know of a host, in one command."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, fields

from pyinfra.api import FactBase

from stack.facts.parsing import parse
from stack.host.observation import Observation
from stack.shell.scripts import filled, script

HOME_SECONDS = 30
"""How long reading the home may take: its user can make it last for ever."""
HOME_BYTES = 20_000_000
"""How much may be told of it."""

# Each line that this prints is a record: its kind, then fields between tabs, all of them root's own
# words. What the project's user can write is read as him and told in one field, as base64.
SCRIPT = r"""
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LC_ALL=C; export PATH LC_ALL; unset LANGUAGE; set -f
newline='
'
# A session of its own: it has no terminal, and outlives nobody's patience.
as() {
  number=$1 group=$2
  shift 2
  setsid setpriv --reuid "$number" --regid "$group" --clear-groups -- \
    env -i PATH=/usr/bin:/bin LC_ALL=C "$@" < /dev/null 2> /dev/null &
}
# The reader is what ends: whoever writes may have been stopped for good.
within() { timeout -k 1 "$1" head -c "$2"; }
printf 'uid\t%s\n' "$(id -u)"
sed -n 's/^\(ID\|ID_LIKE\)="\{0,1\}\([^"]*\)"\{0,1\}$/os\t\2/p' /etc/os-release 2>/dev/null
read -r uptime rest < /proc/uptime
printf 'time\t%s\t%s\n' "$(date +%s.%N)" "$uptime"
if python=$(command -v @python@); then
  real=$(readlink -f "$python")
  case ${real##*/} in
    python3.[0-9]|python3.[0-9][0-9]) printf 'python\t%s\n' "${real##*/python}" ;;
    *)
      # Whoever wrote it, it does not run as root.
      printf 'python\t%s\n' "$(as 65534 65534 "$python" -c \
        'import sys; print("%d.%d" % sys.version_info[:2])' | within 10 100 | head -n 1)" ;;
  esac
fi
set +f
for path in /usr/bin/python3.* /usr/local/bin/python3.*; do
  case ${path##*/python} in 3.[0-9]|3.[0-9][0-9]) printf 'interpreter\t%s\n' "${path##*/}" ;; esac
done
set -f
for folder in @user_folders@ /home; do
  stat -f --printf 'free\t%a\t%S\t%d\n' "$folder" 2>/dev/null && break
done
dpkg-query -W -f 'package\t${Package}\t${db:Status-Status}\n' @packages@ 2>/dev/null
getent group @groups@ | sed 's/^\([^:]*\):.*/group\t\1/'
if entry=$(getent passwd @user@); then
  shell=${entry##*:}; home=${entry%:*}; home=${home##*:}
  printf 'user\t%s\t%s\t%s\t%s\n' "$(id -gn @user@)" "$(id -Gn @user@)" "$home" "$shell"
fi
find /etc/nginx -printf 'nginx\t%C@\n' 2>/dev/null | sort -g -k2 | tail -n 1
units=$(systemctl show nginx.service supervisor.service \
  -p Id,LoadState,ActiveState,UnitFileState,MainPID,StateChangeTimestampMonotonic \
  -p NeedDaemonReload,DropInPaths 2>/dev/null)
printf '%s\n' "$units" | sed 's/^/unit\t/'
nginx=${units#*MainPID=}; nginx=${nginx%%"$newline"*}
supervisor=${units##*MainPID=}; supervisor=${supervisor%%"$newline"*}
entries() {
  find "$@" -maxdepth 0 -printf 'entry\t%p\t%y\t%m\t%u\t%g\t%C@\t%T@\t%l\n' \
    -type f -exec sha256sum {} + 2>/dev/null
}
entries @paths@
set +f
for beginning in @more_paths@; do
  entries "$beginning"*
done
set -f
for path in @texts@; do
  [ -f "$path" ] && printf 'text\t%s\t%s\n' "$path" "$(base64 -w 0 < "$path")"
done
if [ -f @site@ ]; then
  sed -n 's/^ *proxy_pass \([^;]*\);.*/proxy\t\1/p' @site@
  printf 'masked\t%s\t%s\n' @site@ \
    "$(sed 's/proxy_pass [^;]*;/proxy_pass;/' @site@ | sha256sum)"
fi
find @program_log@ -maxdepth 0 -type f \
  -printf 'entry\t%p\t%y\t%m\t%u\t%g\t%C@\t%T@\t%l\n' 2>/dev/null
tail -n 100 @log@ 2>/dev/null | sed 's/^/log\t/'
{ read -r pid < /run/nginx.pid; } 2>/dev/null && printf 'nginx-pid\t%s\n' "$pid"
set +f
for path in /etc/nginx/conf.d/*.conf /etc/nginx/sites-enabled/* @site@; do
  # A pipe would be waited for, and what is long is no site.
  [ -f "$path" ] || continue
  printf 'nginx-file\t%s\t%s\n' "$path" "$(head -c 200000 "$path" | base64 -w 0)"
done
if [ "${nginx:-0}" = 0 ]; then
  ss -Hltnp 'sport = :80' 2>/dev/null | grep -v '\]:80 ' |
    sed -n 's/.*users:(("\([A-Za-z0-9._-]*\)",pid=\([0-9]*\).*/at-port-80\t\1 (process \2)/p'
fi
grep -lsE @supervisor_strays@ /etc/supervisor/conf.d/*.conf | sed 's/^/supervisor-stray\t/'
set -f
process() {
  # A process names itself, with line ends and brackets if it likes.
  line=$(tr '\n' ' ' 2>/dev/null < "/proc/$1/stat")
  pid=$1
  set -- "$2" ${line##*) }
  [ "$#" -gt 20 ] && [ "$3" = "$1" ] || return 0
  shift 20
  printf 'process\t%s\t%s\t%s\t%s\n' "$pid" "$parent" "$1" \
    "$(within 5 10000 2>/dev/null < "/proc/$pid/cmdline" | tr '\000\t\n' '\t??')"
  children=
  { read -r children < "/proc/$pid/task/$pid/children"; } 2>/dev/null
  set -- $children
  printf 'children\t%s\t%s\n' "$pid" "$#"
  within 5 4000000 2>/dev/null < "/proc/$pid/environ" | tr '\000' '\n' |
    sed -n "s/^\(@variables@\)=/variable\t$pid\t\1\t/p"
}
for parent in "$nginx" "$supervisor"; do
  for pid in $(cat "/proc/$parent/task/$parent/children" 2>/dev/null); do
    process "$pid" "$parent"
  done
done
if [ -d @home@ ]; then
  if ! { number=$(id -u @user@) && group=$(id -g @user@); } 2> /dev/null; then
    number=$(stat -c %u @home@) group=$(stat -c %g @home@)
  fi
  [ "$number" -gt 0 ] || number=65534 group=65534
  printf 'home\t%s\t%s\n' @home@ "$(as "$number" "$group" sh -c @home_script@ sh @home_words@ |
    within @home_seconds@ @home_bytes@ | base64 -w 0)"
else
  printf 'home\t%s\t-\n' @home@
fi
exit 0
"""

HOME = script(__file__, "home.sh", "manifests.sh")

IDENTITIES = (
    "SUPERVISOR_PROCESS_NAME",
    "PROGRAM_ID",
    "RELEASE_ID",
    "RELEASE_FOLDER",
    "VIRTUAL_ENV",
)
"""The environment variables by which a live process says what it runs."""


@dataclass(frozen=True)
class Scope:
    """What to read of a host."""

    python: str
    """The interpreter, a name or an absolute path."""
    packages: Sequence[str]
    groups: Sequence[str]
    user: str
    paths: Sequence[str]
    """What root owns, absolute."""
    more_paths: Sequence[str]
    """How further paths of root's begin."""
    texts: Sequence[str]
    """Files among them whose text matters."""
    home: str
    """The user's home."""
    user_folders: Sequence[str]
    """Folders in it, those of the releases and of the virtualenvs, whose names matter."""
    user_paths: Sequence[str]
    """Single paths in it, absolute."""
    release: str
    """How the folders of the release to look into begin."""
    virtualenv: str
    """The same of its virtualenv's."""
    site: str
    """The path of the Nginx site."""
    log: str
    """The path of the release log."""
    program_log: str
    """The path of Gunicorn's log, which may be long."""
    supervisor_strays: str
    """An extended regular expression for what no other file of Supervisor's may say."""

    def __str__(self) -> str:
        """Short, since pyinfra prints it when a host cannot be read."""
        return self.user


class HostState(FactBase[Observation]):
    """A host at one moment: the packages, accounts, paths, units and processes asked for.

    One command, about 0.1 s, which changes nothing. Needs root to see everything, and no Python
    on the host.
    """

    shell_executable = "sh"

    def command(self, scope: Scope) -> str:
        """Build the command."""
        home = [*scope.user_folders, scope.release, scope.virtualenv, *scope.user_paths]
        words = {
            "variables": r"\|".join(IDENTITIES),
            "home_script": shlex.quote(HOME),
            "home_words": shlex.join(home),
            "home_seconds": str(HOME_SECONDS),
            "home_bytes": str(HOME_BYTES),
        }
        for field in fields(scope):
            value = getattr(scope, field.name)
            words[field.name] = shlex.join([value] if isinstance(value, str) else value)
        return filled(SCRIPT, words)

    def process(self, output: list[str]) -> Observation:
        """Read the command's records."""
        return parse(output)
