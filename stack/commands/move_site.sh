# shellcheck shell=sh
# Has a site in another file. Nginx is not reloaded: it goes on with what it has read.
#
# $1 the path of the file that it has, $2 the link to that, $3 and $4 those that it is to have. What
# the file is to hold comes on standard input.
for path in "$1" "$3"; do
  [ ! -e "$path" ] || cp -a "$path" "${path%/*}/.${path##*/}.before"
done
cat > "$3"
ln -sfn "$3" "$4"
# The link first: one that leads nowhere would keep Nginx from taking anything new.
rm "$2" "$1"
nginx -t -q || {
  for path in "$1" "$3"; do
    before="${path%/*}/.${path##*/}.before"
    if [ -e "$before" ]; then mv -fT "$before" "$path"; else rm -f "$path" "$4"; fi
  done
  ln -sfn "$1" "$2"
  exit 1
}
rm -f "${1%/*}/.${1##*/}.before" "${3%/*}/.${3##*/}.before"
