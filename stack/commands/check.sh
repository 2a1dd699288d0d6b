# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Has Django check a release. What it only warns of is for a person to weigh.
#
# $1 the release's folder, $2 the code that checks, then what it finds in its environment: $3
# whether there is more to migrate, $4 the setting `shared` as JSON, $5 the names in `env`, $6
# `static_url`, $7 `media_root`, $8 `media_url`; $9 whether the same start of Django is to collect the
# static files: `now`, `later` or `never`; ${10} the run in which it is to migrate the database,
# should no migration be pending, or nothing; ${11} whether an empty database may take the live one's
# place; ${12} the names of the site.
trap still_live EXIT
django_begins "$1"
last_lines in_django "$1" "$2" MIGRATES="$3" SHARED="$4" DECLARED="$5" STATIC="$6" MEDIA="$7" \
  MEDIA_AT="$8" COLLECTS="$9" MIGRATES_NOW="${10}" NEW_DATABASE="${11}" NAMES="${12}" || {
  missing_variable "$5"
  hint=$(gone_module 2>&1)
  [ -n "$hint" ] || hint=$(missing_package "$1" 2>&1)
  [ -z "$hint" ] || printf '%s\n' "$hint" >&2
  missing_folder "$1"
  exit 1
}
django_ends "$1"
case $told in
  *WARNINGS:* | *"MAY BE MISSING"* | *"IS NOT READ"* | *"IS IN MEMORY"* | *"WITHOUT A MIGRATION"* | \
    *"CANNOT BE KEPT"* | *"OF ANOTHER HOST"*)
    printf '%s\n' "$told" ;;
esac
