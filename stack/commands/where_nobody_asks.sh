# shellcheck shell=sh
# Runs a command unless another project of the host asks for what it takes away.
#
# $1 how that reads in what root has written down of a project, $2 the folder of this project's own
# record, $3 that of all of those, then the words of the command.
asks=$1 own=$2 records=$3
shift 3
for record in "$records"/*/server.json; do
  case $record in "$own"/*) continue ;; esac
  ! grep -qsF -- "$asks" "$record" || exit 0
done
"$@"
