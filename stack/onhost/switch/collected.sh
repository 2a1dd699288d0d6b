# shellcheck shell=sh
# Tells one file that a release has collected for visitors: its SHA-256 and its name. Runs as the
# project's user, who may say anything. What pages have browsers ask for comes first, and what they
# never ask for, as a storage's manifest, is none: Nginx may be told to keep that back.
#
# $1 the release's folder.
one_that() {
  find . -type f -size -129k -regex '\./[A-Za-z0-9_-][A-Za-z0-9._/-]*' ! -path '*/.*' "$@" \
    -exec sha256sum {} \; -quit
}
cd "$1/static/" 2>/dev/null || cd "$1/src/static/" || exit
found=$(one_that -iregex '.*\.\(css\|js\|svg\|png\|jpe?g\|gif\|webp\|ico\)')
[ -n "$found" ] || found=$(one_that ! -iregex '.*\.\(json\|map\|gz\|br\)')
printf '%s\n' "$found"
