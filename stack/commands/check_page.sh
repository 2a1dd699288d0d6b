# shellcheck shell=sh
# Fails, and says why, where what is live does not answer on the health page that is declared.
#
# $1 the folder of the project's scripts.
cd "$1" || exit
told=$(python3 -B -m switch.watch 0) || {
  printf '%s\n' "$told" >&2
  exit 1
}
