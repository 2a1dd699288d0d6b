# shellcheck shell=sh
# Runs the project's own commands once a release is live. That stays so whatever becomes of them.
#
# $1 the release's folder, $2 a line for each command.
run_commands "$1" after_switch "$2" 2>&1 || echo 'The release is live all the same.'
rm -f "$1/.after"
