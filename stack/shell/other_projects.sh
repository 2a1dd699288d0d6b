# shellcheck shell=sh
# A digest of what is written down on the host of all projects but one: $1 its name.
others_written() {
  for _path in /usr/local/lib/*/switch.json /usr/local/lib/*/balancer.json \
    /usr/local/lib/*/database.json /usr/local/lib/*/server.json; do
    case "$_path" in /usr/local/lib/"$1"/*) continue ;; esac
    [ ! -f "$_path" ] || sha256sum "$_path"
  done | sha256sum
}
