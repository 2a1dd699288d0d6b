# shellcheck shell=sh disable=SC2154 # host_state.sh has the variables
# tell KIND TEXT: a record for each line, also for an empty one.
tell() {
  rest=$2$newline
  while [ -n "$rest" ]; do
    printf '%s\t%s\n' "$1" "${rest%%"$newline"*}"
    rest=${rest#*"$newline"}
  done
}
