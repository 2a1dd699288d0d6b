# shellcheck shell=sh disable=SC2154 # apart.sh and nginx_apart.sh have the variables
# Tells why Nginx cannot read its files, in its own words: a line for each file, and nothing when it
# can. Where no view of its own may be made for it, in some containers, it is asked only with a pid
# file, which most likely goes with the rest, and names one file.
#
# $1 the nginx.conf that is to come, which tells of the others where today's cannot be read.
# shellcheck disable=SC2016 # the other shell's
ask='
  text=$1
  each tell || :
  case $named in *" in /etc/nginx/nginx.conf:"*)
    replace() { rm -f -- "$1" && printf %s "$text" > "$1"; }
    ! in_view replace /etc/nginx/nginx.conf || each tell || : ;;
  esac
  [ -z "$words" ] || [ -n "$named" ] || tell "$words"
'
alone='nginx -t -q 2>&1 || echo "Nginx cannot read its files."'
# It fails where there is no such view alone.
unshare -m sh -euc "$apart$nginx_apart$ask" sh "$1" 2> /dev/null ||
  [ ! -e /run/nginx.pid ] || sh -euc "$alone"
