# shellcheck shell=sh disable=SC2154 # whoever calls it has set $port
# Has PostgreSQL run what is on standard input, or what psql's words say, as its own superuser.
#
# The words are psql's.
sql() {
  PGOPTIONS='-c search_path=' \
    runuser -u postgres -- psql -XAtqw -p "$port" -d postgres -v ON_ERROR_STOP=1 "$@"
}
