# shellcheck shell=sh disable=SC2154 # apart.sh and nginx_apart.sh have the variables
# Tells what Nginx says of files that it reads now, or does not read, and could not with another
# nginx.conf: a line for each. It tries that in a view of its own, of which nothing stays. Where no
# such view may be made, of a folder that it needs, nothing is told.
#
# $1 the other nginx.conf, $2 paths of files that do not count, a line for each.
# shellcheck disable=SC2016 # the other shell's
ask='
  text=$1
  printf "%s\n" "$2" | while read -r path; do
    [ ! -e "$path" ] && [ ! -L "$path" ] || in_view take_away "$path"
  done
  each :
  replace() { rm -f -- "$1" && printf %s "$text" > "$1"; }
  in_view replace /etc/nginx/nginx.conf
  each tell
'
unshare -m sh -euc "$apart$nginx_apart$ask" sh "$1" "$2" 2> /dev/null || :
