# shellcheck shell=sh
# Moves what stands in the way to where nothing reads it: it may be somebody's work.

# $1 a path of root's. Leaves in $went where it is then.
aside() {
  mkdir -p /var/backups/replaced
  set -- "$1" "/var/backups/replaced/$(printf %s "$1" | tr / -)-$(date +%s)"
  # Two paths can have one name there, and one path can come twice within a second.
  while [ -e "$2" ] || [ -L "$2" ]; do set -- "$1" "$2~"; done
  mv -T "$1" "$2"
  # shellcheck disable=SC2034 # who calls it reads that
  went=$2
}
