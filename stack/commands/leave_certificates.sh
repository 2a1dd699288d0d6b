# shellcheck shell=sh
# Forgets a certificate, and the account with the CA where no other certificate has it. What certbot
# renews it by goes last, for that tells of the account.
#
# $1 certbot's folder, $2 what it renews the certificate by, then all that is to go, this among it. $2
# is empty where the certificate is somebody else's, who has its account and its keys.
folder=$1 renewal=$2
name=${renewal##*/}
name=${name%.conf}
shift 2
if [ -f "$renewal" ]; then
  account=$(sed -n 's/^account = \([0-9a-f]*\)$/\1/p' "$renewal")
  # Some versions keep each key a second time, in folders of all certificates.
  for key in "$folder/keys"/*; do
    for its in "$folder/archive/$name"/privkey*.pem; do
      ! cmp -s "$key" "$its" || rm -f "$key" "$folder/csr/$(basename "$key" | sed s/_key-/_csr-/)"
    done
  done
  if [ -n "$account" ] && [ "$(grep -lx "account = $account" "$folder"/renewal/*.conf)" = "$renewal" ]; then
    find "$folder/accounts" -type d -name "$account" -prune -exec rm -rf {} +
    find "$folder/accounts" -mindepth 1 -type d -empty -delete
  fi
fi
rm -rf -- "$@"
