# shellcheck shell=sh disable=SC2154 # whoever calls it has set $port
# What root has PostgreSQL do as its own superuser, also in databases that are a project's.
#
# A project's role may give its database settings of its own: a search_path in which its views and
# functions hide PostgreSQL's, another role, a library that is not there, a limit of a moment. What
# is said here wins. It may also hold a lock as long as it likes, of rows of PostgreSQL's own too:
# nobody waits for one without a limit.
_options='-c search_path= -c role=none -c local_preload_libraries= -c client_min_messages=warning'
_options="$_options -c lock_timeout=30s -c statement_timeout=0 -c default_transaction_read_only=off"
_options="$_options -c idle_session_timeout=0 -c idle_in_transaction_session_timeout=0"

# Runs a program of PostgreSQL's, which may take as long as it needs.
as_superuser() {
  PGCONNECT_TIMEOUT="${PGCONNECT_TIMEOUT-30}" PGOPTIONS="$_options" runuser -u postgres -- "$@"
}

# Has PostgreSQL run what is on standard input, or what psql's words say: short by its nature.
#
# The words are psql's.
sql() {
  if { _told=$(_psql -c "SET statement_timeout = '10min'" "$@" 2>&1 >&3 3>&-); } 3>&1; then
    [ -z "$_told" ] || printf '%s\n' "$_told" >&2
    return 0
  fi
  printf '%s\n' "$_told" >&2
  case $_told in
    *'due to lock timeout'*)
      echo 'Another session holds the lock. Transactions open that long:' >&2
      sessions "xact_start < now() - interval '20 s' AND backend_type = 'client backend'" >&2
      ;;
  esac
  return 1
}

# Tells whose sessions there are, and how one is ended.
#
# $1 which, as SQL says it.
sessions() {
  _psql -c "SELECT format('  process %s, of %s in %s, from %s, since %s', pid, usename, datname,
    coalesce(host(client_addr), 'this host'), xact_start::timestamptz(0))
    FROM pg_stat_activity AS session WHERE pid != pg_backend_pid() AND $1 ORDER BY xact_start"
  echo "To end one, as root: runuser -u postgres -- psql -c 'SELECT pg_terminate_backend(PROCESS)'"
}

# What runs in a project's database comes after this: a role may limit its transactions from
# PostgreSQL 17 on, and one before does not know the word.
know_limits() {
  case $_options in *transaction_timeout=0*) return ;; esac
  _options="$_options $(sql -c "SELECT '-c transaction_timeout=0' FROM pg_settings
    WHERE name = 'transaction_timeout'")"
}

# Drops a database, if it is there. Its owner may have made it a template, which cannot be dropped.
#
# $1 its name.
drop_whole() {
  sql -v name="$1" -f - <<'END'
SELECT format('ALTER DATABASE %I IS_TEMPLATE false', datname)
FROM pg_database WHERE datname = :'name' AND datistemplate \gexec
DROP DATABASE IF EXISTS :"name" WITH (FORCE)
END
}

_psql() { as_superuser psql -XAtqw -p "$port" -d postgres -v ON_ERROR_STOP=1 "$@"; }
