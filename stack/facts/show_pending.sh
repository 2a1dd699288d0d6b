# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Tells the migrations that are yet to be applied, or why they cannot be told.
#
# $1 the release's folder, $2 the code that tells, $3 the names in `env`.
last_lines in_django "$1" "$2" PYTHONDONTWRITEBYTECODE=1 DECLARED="$3" 2> /dev/null || :
printf '%s\n' "$told"
