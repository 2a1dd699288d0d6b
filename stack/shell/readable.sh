# shellcheck shell=sh disable=SC2154 # aside.sh has $went
# Whether Nginx can read its files; says why not. A file that somebody put beside ours and that it
# cannot read keeps it from starting, and from taking anything new: that is put aside, and told. What
# does not help is taken back.
#
# $1 the link to our own site, which stays.
#
# What another project of ours has there is never put aside.
is_a_projects() {
  name=${1##*/}
  case $1 in
    /etc/nginx/conf.d/*-understudy.conf) [ -f "/usr/local/lib/${name%-understudy.conf}/switch.json" ] ;;
    *) grep -qsF "\"site_file\": \"/etc/nginx/sites-available/$name\"" \
      /usr/local/lib/*/switch.json /usr/local/lib/*/balancer.json ;;
  esac
}
put_back() {
  while [ "$#" -gt 0 ]; do
    mv -T "$2" "$1"
    printf '%s\n' "$1 is in its place again."
    shift 2
  done
}
readable() {
  own=$1
  set --
  for _ in $(seq 20); do
    told=$(nginx -t -q 2>&1) && return
    broken=$(printf %s "$told" | sed -n 's/.* in \([^ ]*\):[0-9]*$/\1/p' | head -n 1)
    case $broken in
      "$own") break ;;
      *) ! is_a_projects "$broken" || break ;;
    esac
    case $broken in
      /etc/nginx/sites-enabled/* | /etc/nginx/conf.d/*)
        aside "$broken"
        set -- "$broken" "$went" "$@"
        printf '%s\n' "Nginx cannot read $broken; it is in /var/backups/replaced now." "$told" ;;
      *) break ;;
    esac
  done
  put_back "$@"
  printf '%s\n' "$told" >&2
  return 1
}
