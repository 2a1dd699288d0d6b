# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Runs the project's own commands in a release, with its environment, up to the first that fails.
#
# $1 the release's folder, $2 the step of the setting `commands`, $3 a line for each command.
run_commands() {
  left=$3
  while [ -n "$left" ]; do
    line=${left%%"
"*}
    left=${left#"$line"}
    left=${left#"
"}
    case $line in 'manage.py '*) run="python $line" ;; *) run=$line ;; esac
    # shellcheck disable=SC2016 # for the shell that runs it
    last_lines "$1/with-env" sh -c 'cd "$1" && eval "$2"' sh "$1/src" "$run" || {
      echo "This failed: commands[\"$2\"], $line" >&2
      return 1
    }
    echo "$2: ran $line"
  done
}
