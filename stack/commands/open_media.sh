# shellcheck shell=sh
# Lets Nginx read the uploads, those to come too, and nothing else of what is shared: neither what
# is there nor what will be. What it needs of the folders above is to pass.
#
# $1 the folder of what is shared, $2 that of the uploads, from there.
folder=$1 rest=$2 me=$(id -un)
mkdir -p "$folder/$rest"
while [ -n "$rest" ]; do
  next=${rest%%/*}
  find "$folder" -mindepth 1 -maxdepth 1 ! -name "$next" ! -type l -user "$me" \
    -exec setfacl -m u:www-data:- -- {} +
  setfacl -m u:www-data:x,d:u:www-data:- -- "$folder"
  folder=$folder/$next
  case $rest in */*) rest=${rest#*/} ;; *) rest= ;; esac
done
find "$folder" -type d -user "$me" -exec setfacl -m d:u:www-data:rx -- {} +
find "$folder" ! -type l -user "$me" -exec setfacl -m u:www-data:rX -- {} +
