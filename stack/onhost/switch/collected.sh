# shellcheck shell=sh
# Tells one file that a release has collected for visitors: its SHA-256 and its name. Runs as the
# project's user, who may say anything.
#
# $1 the release's folder.
cd "$1/static/" 2>/dev/null || cd "$1/src/static/" || exit
find . -type f -size -129k -regex '\./[A-Za-z0-9_-][A-Za-z0-9._/-]*' ! -path '*/.*' \
  -exec sha256sum {} \; -quit
