# shellcheck shell=sh
# Stops a program of Supervisor's, and has it forget that, whatever is in files of it: it reads none.
#
# $1 the program, $2 the file that it has.
forget_program() {
  let_end "$1" "$2" || exit 1
  with_patience "$1" "$2" stop "$1:*" > /dev/null || [ "$?" != 124 ] || exit 1
  told=$(supervisorctl remove "$1") || :
  case $told in
    *'removed process group'* | *'no such process/group'*) ;;
    *)
      printf '%s\n' "Supervisor does not forget $1: $told" >&2
      exit 1 ;;
  esac
}
