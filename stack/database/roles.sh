# shellcheck shell=sh disable=SC2154 # sql.sh has what is not here
# Shuts roles of PostgreSQL's out, and drops those that restores have made.

# The databases of the role that psql knows as name.
own="datname = :'name' OR pg_get_userbyid(datdba) = :'name'"

# Has a role log in no more, and ends its sessions.
#
# $1 the role. Where that cannot be, the reason is on standard error.
shut_out() {
  # In between they may have come back, and hold a lock of the role itself again.
  _tries=0
  until _answer=$(_try_to_shut_out "$1" 2>&1); do
    _tries=$((_tries + 1))
    [ "$_tries" -lt 20 ] || {
      printf '%s\n' "$_answer" >&2
      return 1
    }
  done
  _end_sessions "$1"
}

_try_to_shut_out() {
  _end_sessions "$1" && sql -v name="$1" -f - <<'END'
SET lock_timeout = '1s';
SELECT format('ALTER ROLE %I NOLOGIN', rolname) FROM pg_roles WHERE rolname = :'name' \gexec
END
}

_end_sessions() {
  sql -v name="$1" -f - > /dev/null <<END
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE usename = :'name' OR datname IN (SELECT datname FROM pg_database WHERE $own)
END
}

# Drops the roles that restores of a project's database have made, those of earlier ones too.
#
# The project's role may let them do something in any database, again and again, and hold on to
# that, which keeps them from being dropped; so before anything else they log in no more.
#
# $1 the project's role. What is in the way is on standard error.
drop_restorers() {
  _restorers=$(sql -v name="$1" -f - <<'END'
SELECT rolname FROM pg_roles
WHERE rolname = :'name' || '-restorer' OR rolname ~ ('^' || :'name' || '-restorer-[0-9a-f]{16}$')
END
  ) || return
  for _restorer in $_restorers; do
    shut_out "$_restorer" || return
  done
  for _restorer in $_restorers; do
    _drop_role "$_restorer" "$1" || return
  done
}

# $1 the role, $2 who gets what it owns.
_drop_role() {
  know_limits
  # What it is let do with databases as such belongs to none of them: any will do.
  _places=$(sql -v name="$1" -f - <<'END'
SELECT DISTINCT dbid FROM pg_shdepend
WHERE refclassid = 'pg_authid'::regclass AND pg_get_userbyid(refobjid) = :'name' AND dbid != 0
UNION SELECT oid FROM pg_database WHERE datname = 'postgres'
END
  ) || return
  for _place in $_places; do
    _place=$(sql -c "SELECT datname FROM pg_database WHERE oid = $_place") || return
    sql -d "$_place" -v name="$1" -v heir="$2" -f - <<'END' || return
SET lock_timeout = '3s';
SELECT format('REASSIGN OWNED BY %I TO %I', :'name', rolname)
FROM pg_roles WHERE rolname = :'heir' \gexec
DROP OWNED BY :"name";
END
  done
  sql -v name="$1" -f - <<'END'
SET lock_timeout = '3s';
DROP ROLE IF EXISTS :"name";
END
}
