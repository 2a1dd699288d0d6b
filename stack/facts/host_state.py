"""All that a plan needs to know of a host, in one command."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, fields

from pyinfra.api import FactBase

from stack.facts.parsing import parse
from stack.host.observation import Observation
from stack.manifests import MANIFESTS

# Each line that this prints is a record: its kind, then fields between tabs. What the project's
# user can write to is read last, and the parser keeps the first of two records of one path, so
# that a strange file name of his cannot stand in for a file of root's.
SCRIPT = (
    MANIFESTS
    + r"""
LC_ALL=C; export LC_ALL; set -f
newline='
'
printf 'uid\t%s\n' "$(id -u)"
sed -n 's/^\(ID\|ID_LIKE\)="\{0,1\}\([^"]*\)"\{0,1\}$/os\t\2/p' /etc/os-release 2>/dev/null
read -r uptime rest < /proc/uptime
printf 'time\t%s\t%s\n' "$(date +%s.%N)" "$uptime"
if python=$(command -v @python@); then
  real=$(readlink -f "$python")
  case ${real##*/} in
    python3.[0-9]|python3.[0-9][0-9]) printf 'python\t%s\n' "${real##*/python}" ;;
    *) "$python" -c 'import sys; print("python\t%d.%d" % sys.version_info[:2])' ;;
  esac
fi
for folder in @user_folders@ /home; do
  stat -f --printf 'free\t%a\t%S\n' "$folder" 2>/dev/null && break
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
  { read -r line < "/proc/$1/stat"; } 2>/dev/null || return 0
  pid=$1
  set -- "$2" ${line##*) }
  [ "$3" = "$1" ] || return 0
  shift 20
  printf 'process\t%s\t%s\t%s\t%s\n' "$pid" "$parent" "$1" \
    "$(tr '\000\t\n' '\t??' 2>/dev/null < "/proc/$pid/cmdline")"
  children=
  { read -r children < "/proc/$pid/task/$pid/children"; } 2>/dev/null
  set -- $children
  printf 'children\t%s\t%s\n' "$pid" "$#"
  tr '\000' '\n' 2>/dev/null < "/proc/$pid/environ" |
    sed -n "s/^\(@variables@\)=/variable\t$pid\t\1\t/p"
}
for parent in "$nginx" "$supervisor"; do
  for pid in $(cat "/proc/$parent/task/$parent/children" 2>/dev/null); do
    process "$pid" "$parent"
  done
done
find -H @user_folders@ -maxdepth 2 -regextype posix-extended \
  -regex '.*/\.?[0-9a-z][0-9a-z.-]*(/(\.[a-z]+|virtualenv|[^/]*\.dump))?' \
  -printf 'entry\t%p\t%y\t%m\t%u\t%g\t%C@\t%T@\t%l\n' 2>/dev/null
entries @user_paths@
set +f
for folder in @releases@*; do
  entries "$folder/with-env" "$folder/manage"
  [ -f "$folder/.built" ] || continue
  [ -z "$(manifest_of_release "$folder" | comm -13 - "$folder/.built")" ] ||
    printf 'damaged\t%s\n' "$folder"
done
for folder in @virtualenvs@*; do
  [ -f "$folder/.built" ] || continue
  manifest_of_virtualenv "$folder" | cmp -s - "$folder/.built" ||
    printf 'damaged\t%s\n' "$folder"
done
exit 0
"""
)

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
    user_folders: Sequence[str]
    """Folders of the user's, of whose content the names matter."""
    user_paths: Sequence[str]
    """What the user owns, absolute."""
    releases: str
    """How the folders of the release to look into begin."""
    virtualenvs: str
    """The same of its virtualenvs."""
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
        script = SCRIPT.replace("@variables@", r"\|".join(IDENTITIES))
        for field in fields(scope):
            value = getattr(scope, field.name)
            words = [value] if isinstance(value, str) else value
            script = script.replace(f"@{field.name}@", shlex.join(words))
        return script

    def process(self, output: list[str]) -> Observation:
        """Read the command's records."""
        return parse(output)
