# shellcheck shell=sh
# Puts files in place where nobody else has put another one meanwhile.
#
# For each two words: its path, and the SHA-256 of what was seen there, or nothing. The texts come on
# standard input, a line of base64 for each.
while [ "$#" -gt 0 ]; do
  IFS= read -r line
  if is_as_seen "$1" "$2"; then
    mkdir -p "${1%/*}"
    beside="${1%/*}/.${1##*/}.new"
    printf %s "$line" | base64 -d > "$beside"
    chmod 644 "$beside"
    mv -fT "$beside" "$1"
  fi
  shift 2
done
