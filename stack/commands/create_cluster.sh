# shellcheck shell=sh
# Makes PostgreSQL's files, where installing it has not.
#
# $1 the port.
port=$1
clusters=$(pg_lsclusters -h)
case $clusters in
  '') ;;
  *" $port "*) exit 0 ;;
  *)
    printf '%s\n' "PostgreSQL has no cluster on port $port, only these:" "$clusters" >&2
    exit 1 ;;
esac
# shellcheck disable=SC2012 # the names are Debian's
version=$(ls /usr/lib/postgresql | sort -V | tail -n 1)
# A locale of the C library's that no update of Debian's sorts anew.
pg_createcluster --locale C.UTF-8 "$version" main > /dev/null
