# shellcheck shell=sh
# Moves what stands in the way to where nothing reads it: it may be somebody's work.

# $1 a path of root's.
aside() {
  mkdir -p /var/backups/replaced
  mv -T "$1" "/var/backups/replaced/$(printf %s "$1" | tr / -)-$(date +%s)"
}
