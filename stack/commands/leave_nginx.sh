# shellcheck shell=sh
# Takes files of a project's out of Nginx, and waits until its visitors have what they wait for. What
# is served is served on while Nginx does not take what is left.
#
# $1 how many seconds visitors have, $2 the folder of what there was before the first project, $3 one
# for copies, which goes with the next boot; then paths, each with `remove` or `restore` before it.
# The copies are not beside the files, as those of put.sh and move_site.sh are: of a run that is cut
# here, nothing is to be left there.
seconds=$1 originals=$2 copies=$3
shift 3
each() {
  action=$1
  shift
  while [ "$#" -gt 0 ]; do
    "$action" "$2" "$1"
    shift 2
  done
}
is_there() { [ -e "$1" ] || [ -L "$1" ]; }
keep() {
  is_there "$1" || return 0
  mkdir -p "$copies${1%/*}"
  cp -aT "$1" "$copies$1"
}
take() {
  case $2 in
    remove) rm -rf "$1" ;;
    # Another project that has left just now may have given it back.
    restore) ! is_there "$originals$1" || put "$originals$1" "$1" ;;
  esac
}
put() {
  [ ! -d "$2" ] || [ -L "$2" ] || rm -rf "$2"
  cp -aT "$1" "${2%/*}/.${2##*/}.new"
  mv -fT "${2%/*}/.${2##*/}.new" "$2"
}
back() { if is_there "$copies$1"; then put "$copies$1" "$1"; else rm -rf "$1"; fi; }
trap 'rm -rf "$copies"' EXIT
rm -rf "$copies"
each keep "$@"
each take "$@"
if command -v nginx > /dev/null; then
  told=$(nginx -t -q 2>&1) || {
    each back "$@"
    printf '%s\n' 'Nginx would not take its files without those of the project:' "$told" >&2
    exit 1
  }
fi
unit=/etc/systemd/system/nginx.service.d
[ ! -d "$unit" ] || rmdir --ignore-fail-on-non-empty "$unit"
systemctl daemon-reload
systemctl is-active -q nginx || exit 0
reload_nginx
# What takes longer, such as the download of a neighbour's, carries on beside.
until_then=$(($(date +%s) + seconds))
# shellcheck disable=SC2154 # reload_nginx leaves it
for pid in $before; do
  while [ -e "/proc/$pid" ] && [ "$(date +%s)" -lt "$until_then" ]; do sleep 0.1; done
done
