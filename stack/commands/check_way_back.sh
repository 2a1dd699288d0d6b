# shellcheck shell=sh
# Fails when going back leaves behind migrations that cannot be undone.
#
# $1 the folder of the live release, $2 that of the earlier one, and what way_back wants further.
way_back "$@"
