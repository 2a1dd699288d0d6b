# shellcheck shell=sh
# Tells `open` where Nginx may read the uploads, and passes the folders above. Changes nothing.
#
# $1 the folder of what is shared, $2 that of the uploads, from there.
says() { printf '%s\n' "$acl" | grep -qx "$1"; }
folder=$1 rest=$2
while :; do
  [ -d "$folder" ] && acl=$(getfacl -cE -- "$folder" 2>/dev/null) || exit 0
  mask=$(printf '%s\n' "$acl" | sed -n 's/^mask:://p')
  case $mask in *x) ;; *) exit 0 ;; esac
  [ -n "$rest" ] || break
  says user:www-data:--x && says default:user:www-data:--- || exit 0
  folder=$folder/${rest%%/*}
  case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
done
says user:www-data:r-x && says default:user:www-data:r-x || exit 0
case $mask in r?x) echo open ;; esac
exit 0
