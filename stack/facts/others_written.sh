# shellcheck shell=sh
# Tells a digest of what is written down of other projects than $1.
others_written "$1"
