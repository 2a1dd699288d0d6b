# shellcheck shell=sh disable=SC2154 # sql.sh has what is not here
# Dumps a database to standard output.
#
# pg_dump takes limits away, and its own is for the locks of tables alone: for one of a view, of a
# sequence or of an index it would wait as long as somebody holds that. So it is looked at from
# beside.
#
# $1 the database.
dump() {
  know_limits
  # Lock 9 is the caller's, to be let go of when he ends.
  _watch_dump "$1" < /dev/null > /dev/null 9>&- &
  _watcher=$!
  _status=0
  as_superuser env PGAPPNAME="dump-$$" pg_dump --port="$port" --format=custom --dbname="$1" \
    < /dev/null || _status=$?
  kill "$_watcher" 2> /dev/null || :
  return "$_status"
}

_watch_dump() {
  _limit=600
  # Nobody ends this when its script is killed.
  while sleep 5 2> /dev/null && kill -0 "$$" 2> /dev/null; do
    _waiting=$(sql -c "SELECT pid FROM pg_stat_activity JOIN pg_locks USING (pid)
      WHERE application_name = 'dump-$$' AND usename = current_user AND NOT granted
        AND waitstart < now() - interval '$_limit s' LIMIT 1" 2> /dev/null) || _waiting=
    [ -n "$_waiting" ] || continue
    echo "The dump of $1 has waited $_limit s for a lock, and is given up. Holding the lock:" >&2
    sessions "pid = ANY (pg_blocking_pids($_waiting))" >&2
    sql -c "SELECT pg_cancel_backend($_waiting)" || :
    return
  done
}
