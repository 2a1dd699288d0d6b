# shellcheck shell=sh
# Runs a command unless another project of the host asks for what it takes away.
#
# $1 how that reads in what root has written down of a project, or nothing where the project's being
# there is enough, $2 the folder of this project's own records, $3 that of all of those, $4 their
# names, then the words of the command.
asks=$1 own=$2 folder=$3 names=$4
shift 4
for name in $names; do
  for record in "$folder"/*/"$name"; do
    case $record in "$own"/*) continue ;; esac
    [ -e "$record" ] || continue
    [ -n "$asks" ] || exit 0
    ! grep -qs -- "$asks" "$record" || exit 0
  done
done
"$@"
