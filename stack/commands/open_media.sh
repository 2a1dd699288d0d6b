# shellcheck shell=sh
# Lets Nginx read the uploads, those to come too, and nothing else of what is shared: neither what
# is there nor what will be. What it needs of the folders above is to pass.
#
# $1 the folder of what is shared, $2 that of the uploads, from there.
folder=$1 rest=$2 me=$(id -un)
mkdir -p "$folder/$rest"
# Nobody comes in with Nginx: a mask is worked out anew with each entry, for all who are named.
case $(getfacl -cE -- "$folder" | sed -n 's/^mask:://p') in
  '' | *x) ;;
  *) setfacl --set u::rwx,g::-,o::- -- "$folder" ;;
esac
mask=m::x,
while [ -n "$rest" ]; do
  next=${rest%%/*}
  find "$folder" -mindepth 1 -maxdepth 1 ! -name "$next" ! -type l -user "$me" \
    -exec setfacl -m u:www-data:- -- {} +
  setfacl -m "u:www-data:x,${mask}d:u:www-data:-" -- "$folder"
  mask=
  folder=$folder/$next
  case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
done
find "$folder" -type d -user "$me" -exec setfacl -m d:u:www-data:rx -- {} +
find "$folder" ! -type l -user "$me" -exec setfacl -m u:www-data:rX -- {} +
