# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Which folder of the project a file was to be made in that is not there: a folder of logs, say, that
# each developer has, and no commit. $1 the release's folder.
missing_folder() {
  file=$(printf '%s\n' "$told" | sed -n \
    "s/^FileNotFoundError: \[Errno 2\] No such file or directory: '\(.*\)'\$/\1/p" | tail -n 1)
  src=$(cd "$1/src" && pwd -P)
  case $file in "$src"/*/*) ;; *) return 0 ;; esac
  folder=${file%/*}
  [ -d "$folder" ] || echo "The source has no folder ${folder#"$src/"}: to have it, and to keep what" \
    "is written there, write it into shared." >&2
}
