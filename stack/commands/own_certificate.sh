# shellcheck shell=sh
# Makes a certificate of the host's own, which nobody trusts: with it Nginx starts, and can answer
# what a CA asks before it gives one that everybody does.
#
# $1 the folder of the certificates, then the site's names.
folder=$1
shift
umask 077
mkdir -p "$folder/own"
chmod 755 "$folder"
names=
for name; do names="$names${names:+,}DNS:$name"; done
told=$(openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
  -subj "/CN=not yet certified" -addext "subjectAltName=$names" \
  -keyout "$folder/own/privkey.new" -out "$folder/own/fullchain.new" 2>&1) || {
  printf '%s\n' "$told" >&2
  exit 1
}
mv "$folder/own/privkey.new" "$folder/own/privkey.pem"
mv "$folder/own/fullchain.new" "$folder/own/fullchain.pem"
[ -L "$folder/current" ] || [ ! -d "$folder/current" ] || aside "$folder/current"
ln -sfn own "$folder/current.new"
mv -fT "$folder/current.new" "$folder/current"
rm -f "$folder/trusted"
