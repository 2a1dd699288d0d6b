# shellcheck shell=sh
# Stops a program of Supervisor's, and has it forget that, whatever is in files of it: it reads none.
#
# $1 the program.
forget_program() {
  supervisorctl stop "$1:*" > /dev/null || :
  told=$(supervisorctl remove "$1") || :
  case $told in
    *'removed process group'* | *'no such process/group'*) ;;
    *)
      printf '%s\n' "Supervisor does not forget $1: $told" >&2
      exit 1 ;;
  esac
}
