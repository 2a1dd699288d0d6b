# shellcheck shell=sh
# Tells why going back to an earlier release will be refused, and nothing when it will not;
# then `end`, unless something ends it before.
#
# $1 the folder of the live release, $2 that of the earlier one, and what way_back wants further.
export PYTHONDONTWRITEBYTECODE=1
(way_back "$@") 2>&1 || :
echo end
