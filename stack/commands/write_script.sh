# shellcheck shell=sh
# Writes a script that is for the project's user alone. A folder in its place is kept beside.
#
# $1 the script's path. Its text comes on standard input as base64.
if [ -d "$1" ] && [ ! -L "$1" ]; then mv -T "$1" "$1.replaced-$(date +%s)"; fi
take "$1.new"
chmod 700 "$1.new"
mv -fT "$1.new" "$1"
