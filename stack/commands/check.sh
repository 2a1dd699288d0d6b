# shellcheck shell=sh disable=SC2154
# Have Django check a release. What it only warns of is for a person to weigh.
release=$1 code=$2
last_lines env MIGRATES="$3" SHARED="$4" DECLARED="$5" "$release/manage" shell -c "$code"
case $told in *WARNINGS:* | *"WANT OF MIGRATIONS"*) printf '%s\n' "$told" ;; esac
