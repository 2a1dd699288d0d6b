# shellcheck shell=sh disable=SC2154,SC2086 # last_lines leaves $told; names hold no spaces
# Fails when the earlier release has its data elsewhere, or migrations of its own that were never
# applied, when going back leaves behind some that cannot be undone, or when Nginx has the files of the
# earlier release's pages elsewhere. manage.py may print lines of its own, so ours begin with a word.
#
# $1 the folder of the live release, $2 that of the earlier one, $3 the code that asks that one, $4
# that which asks the live one, $5 `static_url`, $6 `media_root`, $7 `media_url`, $8 the names
# of the site, $9 the names in `env`, ${10} whether anyone migrates the database.
way_back() {
  live=$1 earlier=$2
  ask() {
    last_lines "$@" || {
      echo 'So it is unknown whether data, or migrations that cannot be reversed, would be left behind.' >&2
      echo 'Go back all the same with --data force=True.' >&2
      exit 1
    }
  }
  said() { printf '%s\n' "$told" | sed -n "s/^$1 //p"; }
  ask in_django "$live" "$4" DECLARED="$9"
  irreversible=$(said irreversible)
  ask in_django "$earlier" "$3" APPLIED="$irreversible" LIVE="$(said data)" STATIC="$5" MEDIA="$6" \
    MEDIA_AT="$7" NAMES="$8" DECLARED="$9" MIGRATES="${10}"
  elsewhere=$(said elsewhere) apart=$(said apart) lost=$(said lost) unapplied=$(said unapplied)
  [ -z "$unapplied" ] || {
    echo "The database lacks migrations of it:" $unapplied >&2
    echo 'A deployment of its revision applies them: deploy.py --data revision=REVISION.' >&2
  }
  [ -z "$apart" ] || {
    printf '%s\n' "$apart" >&2
    echo 'Its pages would lack them. Go back with that setting; --data NAME=VALUE works too.' >&2
  }
  [ -z "$elsewhere" ] || {
    printf '%s\n' "$elsewhere" >&2
    echo 'Visitors would get what is there, and what they write would be out of sight of the next deploy.py.' >&2
  }
  [ -z "$lost" ] || {
    echo 'These migrations cannot be reversed, and the older code may not work with what they did:' >&2
    printf '  %s\n' $lost >&2
  }
  [ -z "$unapplied$elsewhere$lost" ] || echo 'Go back all the same with --data force=True.' >&2
  [ -z "$unapplied$apart$elsewhere$lost" ] || exit 1
}
