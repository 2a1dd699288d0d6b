# shellcheck shell=sh
# Has Nginx's files lead to the certificate of a CA, and certbot's timer renew it in time.
#
# $1 its name, $2 the folder of the certificates, $3 certbot's folder of it.
folder=$2 live=$3
renewal=/etc/letsencrypt/renewal/$1.conf
at() { date -d "$(openssl x509 -in "$live/fullchain.pem" -noout "$1" | sed 's/.*=//')" +%s; }
days=$((($(at -enddate) - $(at -startdate)) / 86400 / 3))
[ "$days" -gt 0 ] || days=1
if ! grep -qx "renew_before_expiry = $days days" "$renewal"; then
  {
    echo "renew_before_expiry = $days days"
    sed '/^#* *renew_before_expiry = /d' "$renewal"
  } > "$renewal.new"
  chmod --reference="$renewal" "$renewal.new"
  mv "$renewal.new" "$renewal"
fi
at_boot certbot.timer
systemctl start certbot.timer
before=$(readlink "$folder/current" || :)
[ -L "$folder/current" ] || [ ! -d "$folder/current" ] || aside "$folder/current"
point() {
  ln -sfn "$1" "$folder/current.new"
  mv -fT "$folder/current.new" "$folder/current"
}
point "$live"
told=$(nginx -t -q 2>&1) || {
  printf '%s\n' "$told" >&2
  [ -z "$before" ] || point "$before"
  exit 1
}
touch "$folder/trusted"
