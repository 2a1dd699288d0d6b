# shellcheck shell=sh disable=SC2154 # apart.sh has the variable
# Tells why Nginx cannot read its files, in its own words, and nothing when it can. Where no view of
# its own may be made for it, in some containers, it is asked only with a pid file, which most likely
# goes with the rest.
ask='nginx -t -q 2>&1 || echo "Nginx cannot read its files."'
# It fails where there is no such view alone.
unshare -m sh -euc "$apart$ask" 2> /dev/null || [ ! -e /run/nginx.pid ] || sh -euc "$ask"
