# shellcheck shell=sh disable=SC2154
# Gets a certificate from a CA by certbot. That is tried once, for a CA counts the tries; and what
# is served goes on being served whatever becomes of it.
#
# $1 its name, $2 the folder of the challenges, $3 that of the certificates, $4 the CA's directory,
# $5 certbot's folder of the accounts there, $6 an e-mail address or nothing, $7 how many
# certificates a week there may be for the same names, or nothing, $8 how many seconds another certbot
# may take, such as that of its timer; then the names.
name=$1 challenges=$2 folder=$3 server=$4 accounts=$5 email=$6 most=$7 seconds=$8
shift 8
names=$*
# What visitors get meanwhile, as it is seen from here.
tell_served() {
  ends=$(openssl s_client -connect 127.0.0.1:443 -servername "${names%% *}" < /dev/null 2> /dev/null |
    openssl x509 -noout -enddate 2> /dev/null | sed 's/^notAfter=//')
  if [ ! -e "$folder/trusted" ]; then
    echo "Until a certificate of its is served, port 80 leads nobody to HTTPS." >&2
  elif [ -n "$ends" ]; then
    echo "Visitors are still shown the certificate of before, which ends on $ends." >&2
  else
    echo "Port 443 shows visitors no certificate." >&2
  fi
}
issued=$folder/issued
if [ -n "$most" ] && [ -f "$issued" ]; then
  count=$(awk -v week="$(($(date +%s) - 7 * 24 * 3600))" -v names="$names" \
    '$1 >= week { $1 = ""; sub(/^ /, ""); if ($0 == names) count++ } END { print count + 0 }' \
    "$issued")
  if [ "$count" -ge "$most" ]; then
    echo "The CA has certified $names $count times within a week, and it may refuse more for another" \
      "week. Find out what happens to them; then go on with --data certify=True." >&2
    tell_served
    exit 1
  fi
fi
# What certbot did not make, or somebody has replaced, would have it begin another one beside.
live=/etc/letsencrypt/live/$name renewal=/etc/letsencrypt/renewal/$name.conf
if [ ! -f "$renewal" ] || [ ! -L "$live/fullchain.pem" ] || [ ! -L "$live/privkey.pem" ]; then
  for path in "$live" "/etc/letsencrypt/archive/$name" "$renewal"; do
    [ ! -e "$path" ] || aside "$path"
  done
fi
for one; do
  shift
  set -- "$@" -d "$one"
done
if [ -n "$email" ]; then
  set -- "$@" --email "$email"
else
  set -- "$@" --register-unsafely-without-email
fi
log=/var/log/letsencrypt/letsencrypt.log
until_then=$(($(date +%s) + seconds))
ask() {
  while :; do
    said=0
    [ ! -f "$log" ] || said=$(wc -c < "$log")
    told=$(last_lines certbot certonly --non-interactive --agree-tos --webroot \
      --webroot-path "$challenges" --cert-name "$name" --server "$server" --key-type ecdsa \
      --force-renewal "$@" 2>&1) && return
    case $told in
      # The CA has not been asked.
      *'Another instance of Certbot is already running'*)
        [ "$(date +%s)" -ge "$until_then" ] || {
          sleep 1
          continue
        } ;;
    esac
    printf '%s\n' "$told" >&2
    return 1
  done
}
reason() {
  # certbot 2.1 has an error of its own in place of some of the CA's words, which its log has.
  tail -c "+$((said + 1))" "$log" | sed -n 's/^acme\.messages\.Error: //p' | tail -n 1
}
why=
certified() {
  ask "$@" && return
  why=$(reason)
  case $why in
    # Of an account that the CA has forgotten nothing can be asked: a new one is made.
    *accountDoesNotExist*)
      aside "$accounts"
      why=
      ask "$@" ;;
    *) return 1 ;;
  esac
}
certified "$@" || {
  [ -z "$why" ] || printf '%s\n' "$why" >&2
  echo "The CA has not certified $names." >&2
  tell_served
  exit 1
}
printf '%s %s\n' "$(date +%s)" "$names" >> "$issued"
