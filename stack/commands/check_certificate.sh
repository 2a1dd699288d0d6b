# shellcheck shell=sh
# Whether OpenSSL takes a certificate. A balancer may have no Python: there Nginx tells.
#
# $1 the text of loads.py, then its words.
! command -v python3 > /dev/null || python3 -I -c "$@"
