"""All that a plan needs to know of a database's host, in one command."""

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from pyinfra.api import FactBase

from stack.database.observation import Server
from stack.facts.database_parsing import parse
from stack.settings.database import PORT
from stack.shell.scripts import filled

# Records as HostState's are. A verifier of a password is a secret too: a digest is told of it.
SCRIPT = r"""
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin LC_ALL=C; export PATH LC_ALL; unset LANGUAGE
cd /
tab=$(printf '\t')
dpkg-query -W -f 'package\t${Package}\t${db:Status-Status}\n' postgresql 2>/dev/null
entries() {
  find "$@" -maxdepth 0 -printf 'entry\t%p\t%y\t%m\t%u\t%g\t%C@\t%T@\t%l\n' \
    -type f -exec sha256sum {} + 2>/dev/null
}
units() {
  systemctl show "$@" 2>/dev/null \
    -p Id,LoadState,ActiveState,UnitFileState,NeedDaemonReload,DropInPaths |
    sed 's/^/unit\t/'
  printf 'unit\t\n'
}
said() { sed -n "s/^ *$1 *=\{0,1\} *'\{0,1\}\([^' #$tab]*\).*/\1/p" "$2" | tail -n 1; }
entries @paths@
units postgresql.service @timer@.timer @timer@.service
find @dumps@ -maxdepth 1 -name '*.dump' -printf 'dump\t%T@\t%f\n' 2>/dev/null | sort -t "$tab" -k2
sed -n 's/^ *[0-9]*: \([0-9A-F]*\):@hex@ [0-9A-F:]* 0A .*/socket\t\1/p' /proc/net/tcp /proc/net/tcp6
for folder in /etc/postgresql/*/*; do
  [ "$(said port "$folder/postgresql.conf" 2>/dev/null)" = @port@ ] || continue
  cluster=${folder##*/} version=${folder%/*}
  version=${version##*/}
  data=$(said data_directory "$folder/postgresql.conf")
  # PostgreSQL numbers what it does not make by itself from here on.
  used=
  for number in $(ls "$data/base" 2>/dev/null); do
    case $number in *[!0-9]*) ;; *) [ "$number" -lt 16384 ] || used=used ;; esac
  done
  printf 'cluster\t%s\t%s\t%s\t%s\t%s\n' "$version" "$cluster" \
    "$(sed 's/#.*//; s/ *$//; /^$/d' "$folder/start.conf" 2>/dev/null | head -n 1)" \
    "$({ find "$folder/postgresql.conf" "$folder/conf.d" "$folder/pg_hba.conf" \
      "$folder/pg_ident.conf" -printf '%C@\n'
      find "$data/postgresql.auto.conf" -printf '%T@\n'; } 2>/dev/null | sort -g | tail -n 1)" \
    "$used"
  entries "$folder/conf.d/@name@.conf" "$folder/pg_hba.conf"
  sed -n 's/^host "@name@" "@name@" \([^ /]*\)\/[0-9]* scram-sha-256$/client\t\1/p' \
    "$folder/pg_hba.conf" 2>/dev/null
  unit=postgresql@$version-$cluster.service
  units "$unit"
  systemctl is-active -q "$unit" || break
  PGCONNECT_TIMEOUT=5 PGOPTIONS='-c search_path=' runuser -u postgres -- \
    psql -XAtqw -F "$tab" -p @port@ -d postgres -v name=@name@ -f - 2>/dev/null <<'END'
SELECT 'answer', extract(epoch FROM pg_conf_load_time()),
  (SELECT count(*) FROM pg_settings WHERE pending_restart);
SELECT 'setting', name, setting FROM pg_settings WHERE name IN ('listen_addresses', 'hba_file');
SELECT 'role', rolcanlogin AND coalesce(rolvaliduntil, 'infinity') = 'infinity'
    AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls),
  split_part(rolpassword, '$', 2),
  left(encode(sha256(convert_to(rolpassword, 'UTF8')), 'hex'), 16)
FROM pg_authid WHERE rolname = :'name';
SELECT 'owner', pg_get_userbyid(datdba) FROM pg_database WHERE datname = :'name';
END
  break
done
printf 'now\t%s\n' "$(date +%s.%N)"
exit 0
"""


@dataclass(frozen=True)
class DatabaseScope:
    """What to read of a database's host."""

    name: str
    """The database's, and its role's."""
    timer: str
    """The name of the dump's units, without suffix."""
    paths: Sequence[str]
    """What root owns, absolute."""
    dumps: str
    """The folder of the dumps."""

    def __str__(self) -> str:
        """Short, since pyinfra prints it when a host cannot be read."""
        return self.name


class DatabaseState(FactBase[Server]):
    """PostgreSQL on a host at one moment: its files and units, and what it says of itself.

    One command, about 0.2 s, which changes nothing. Needs root.
    """

    shell_executable = "sh"

    def command(self, scope: DatabaseScope) -> str:
        """Build the command."""
        words = {
            "name": scope.name,
            "timer": scope.timer,
            "paths": shlex.join(scope.paths),
            "dumps": shlex.quote(scope.dumps),
            "port": str(PORT),
            "hex": f"{PORT:04X}",
        }
        return filled(SCRIPT, words)

    def process(self, output: list[str]) -> Server:
        """Read the command's records."""
        return parse(output)
