# shellcheck shell=sh
# Puts aside what lies beside our files and Nginx cannot read, as all are now: it is put aside before
# ours are changed, so that nothing goes which they alone make unreadable.
#
# $1 the link to our own site.
readable "$1" 2> /dev/null || :
