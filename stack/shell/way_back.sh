# shellcheck shell=sh disable=SC2154,SC2086 # last_lines leaves $told; names hold no spaces
# Fails when going back leaves behind migrations that cannot be undone, or when Nginx has the files of
# the earlier release's pages elsewhere. manage.py may print lines of its own, so ours begin with a
# word.
#
# $1 the folder of the live release, $2 that of the earlier one, $3 the code that asks that one, $4
# that which asks the live one, $5 `static_url`, $6 `media_root`, $7 `media_url`, $8 the names
# of the site, $9 the names in `env`.
way_back() {
  live=$1 earlier=$2
  ask() {
    last_lines "$@" || {
      echo 'So it is unknown whether migrations that cannot be reversed would be left behind.' >&2
      echo 'Go back all the same with --data force=True.' >&2
      exit 1
    }
  }
  ask in_django "$live" "$4" DECLARED="$9"
  irreversible=$(printf '%s\n' "$told" | sed -n 's/^irreversible //p')
  ask in_django "$earlier" "$3" APPLIED="$irreversible" STATIC="$5" MEDIA="$6" MEDIA_AT="$7" \
    NAMES="$8" DECLARED="$9"
  apart=$(printf '%s\n' "$told" | sed -n 's/^apart //p')
  [ -z "$apart" ] || {
    printf '%s\n' "$apart" >&2
    echo 'Its pages would lack them. Go back with that setting; --data NAME=VALUE works too.' >&2
    exit 1
  }
  lost=$(printf '%s\n' "$told" | sed -n 's/^lost //p')
  if [ -n "$lost" ]; then
    echo 'These migrations cannot be reversed, and the older code may not work with what they did:' >&2
    printf '  %s\n' $lost >&2
    echo 'Go back all the same with --data force=True.' >&2
    exit 1
  fi
}
