# shellcheck shell=sh
# Stops what Supervisor runs of a project, and has it forget that. A file goes last: so a run that is
# cut finds what is left to do. The project's user talks to it no more: he could hold up each question.
#
# $1 Supervisor's socket, $2 the script that ends the connections of others, then the programs' files.
socket=$1
# Where root may not end connections, as in some containers, it goes on with them: they are told where
# something then fails.
if said=$(keep_to_root "$1" "$2" 2>&1); then
  [ -z "$said" ] || printf '%s\n' "$said"
else
  trap '[ "$?" = 0 ] || printf "%s\n" "$said" >&2' EXIT
fi
shift 2
let_reload
for file; do
  if systemctl is-active -q supervisor; then
    # shellcheck disable=SC2013 # no name of a program's has a space
    for program in $(sed -n 's/^\[program:\(.*\)\].*/\1/p' "$file"); do
      forget_program "$program" "$file"
    done
  fi
  rm "$file"
done
[ ! -S "$socket" ] || chmod 0700 "$socket"
