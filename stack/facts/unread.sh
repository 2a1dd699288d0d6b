# shellcheck shell=sh disable=SC2154 # apart.sh has the variable
# Tells what Nginx says of files that it reads now, and could not with another nginx.conf: a line for
# each. It tries that in a view of its own, of which nothing stays, and in which a file that it cannot
# read is taken away to hear of the next. Where no such view may be made nothing is told.
#
# $1 the other nginx.conf, $2 paths of files that do not count, a line for each.
# shellcheck disable=SC2016 # the other shell's
ask='
  view /etc/nginx
  device=$(stat -L -c %d /etc/nginx)
  printf %s "$2" | xargs -r -d "\n" rm -f --
  # Calls a command with the words about each file that cannot be read.
  each() {
    for _ in $(seq 20); do
      ! words=$(nginx -t -q 2>&1) || return 0
      words=$(printf %s "$words" | sed -n "s/.*\[emerg\] \([0-9#]*: \)\{0,1\}\(.* in \/[^ ]*:[0-9]*\)$/\2/p")
      [ -n "$words" ] || return 0
      path=${words##* in }
      path=${path%:*}
      [ "$path" != /etc/nginx/nginx.conf ] || return 0
      "$1" "$words"
      # Nothing but the view: a folder in it may lead elsewhere.
      [ "$(stat -L -c %d "${path%/*}")" = "$device" ] || return 0
      rm -f "$path"
    done
  }
  each :
  rm -f /etc/nginx/nginx.conf
  printf %s "$1" > /etc/nginx/nginx.conf
  tell() { printf "%s\n" "$1"; }
  each tell
'
unshare -m sh -euc "$apart$ask" sh "$1" "$2" 2> /dev/null || :
