# shellcheck shell=sh
# Reads what a command tells, for so long and so much; what was cut lacks its end. The reader is what
# ends: whoever writes may have been stopped for good, or have left somebody behind who holds the pipe.
#
# $1 how many seconds it may take, $2 how many bytes it may tell, then the command's words.
seconds=$1 bytes=$2
shift 2
# What is in the background has no standard input but of another number.
{ "$@" <&3 3<&- 2> /dev/null & } 3<&0 | timeout -k 1 "$seconds" head -c "$bytes" || :
