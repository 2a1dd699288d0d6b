# shellcheck shell=sh
# Stops what Supervisor runs of a project, and has it forget that. A file goes last: so a run that is
# cut finds what is left to do.
#
# The words are the programs' files.
let_reload
for file; do
  if systemctl is-active -q supervisor; then
    # shellcheck disable=SC2013 # no name of a program's has a space
    for program in $(sed -n 's/^\[program:\(.*\)\].*/\1/p' "$file"); do
      forget_program "$program"
    done
  fi
  rm "$file"
done
