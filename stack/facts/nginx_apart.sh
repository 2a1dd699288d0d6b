# shellcheck shell=sh disable=SC2034 # the scripts have the variable
# What gives a view of its own of Nginx's files too, in which some can be taken away, and others put
# in their place. A folder there may lead elsewhere, so it has a view as well. What is changed is in
# a view for certain: that is asked of the folder it is changed in, and not of a path.
# shellcheck disable=SC2016 # the other shell's
nginx_apart='
  # Whether the current folder is in a view.
  is_apart() {
    mount=$(sed -n "s/^mnt_id:[[:space:]]*//p" /proc/self/fdinfo/0 < .)
    grep -q "^$mount .* - overlay apart " /proc/self/mountinfo
  }
  # Calls a command with the name of a file, in its folder; fails where that is in no view.
  in_view() (
    cd -P "${2%/*}" && is_apart && "$1" "./${2##*/}"
  )
  take_away() { rm -f -- "$1"; }
  for folder in /etc/nginx /etc/nginx/conf.d /etc/nginx/sites-enabled /etc/nginx/sites-available \
    /etc/nginx/snippets /etc/nginx/modules-enabled; do
    [ -d "$folder" ] || continue
    (cd -P "$folder" && is_apart) || view "$(readlink -f "$folder")" || :
  done
  # Calls a command with the words about each file that Nginx cannot read. It is taken away to hear of
  # the next, but for nginx.conf, which ends that; fails where it may not be. Leaves the last words in
  # $words, and of these in $named what is said of a file.
  each() {
    for _ in $(seq 20); do
      named=
      if words=$(nginx -t -q 2>&1); then
        words=
        return
      fi
      named=$(printf %s "$words" | sed -n "s/.*\[emerg\] \([0-9#]*: \)\{0,1\}\(.* in \/[^ ]*:[0-9]*\)$/\2/p")
      [ -n "$named" ] || return 0
      "$1" "$named"
      path=${named##* in }
      path=${path%:*}
      if [ "$path" = /etc/nginx/nginx.conf ]; then
        # A link to nowhere in a folder of which it reads all.
        path=$(printf %s "$named" | sed -n "s/^open() \"\([^\"]*\)\" failed .*/\1/p")
        case $path in
          /etc/nginx/conf.d/* | /etc/nginx/sites-enabled/* | /etc/nginx/modules-enabled/*) ;;
          *) return 0 ;;
        esac
      fi
      in_view take_away "$path" || return
    done
  }
  tell() { printf "%s\n" "$1"; }
'
