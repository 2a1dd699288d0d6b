# shellcheck shell=sh
# Has an account its home in another place, whatever runs as it: usermod changes none meanwhile, and
# vipw does, under the same lock. vipw takes a file of the same second for unchanged, and packages may
# just have made an account.
#
# $1 the account, $2 its home.
set_home() {
  edit="s,^($1:([^:]*:){4})[^:]*,\\1$2,"
  VISUAL="sh -c 'sed -i -E \"$edit\" \"\$1\" && touch -d @0 \"\$1\"' sh" vipw > /dev/null
  touch /etc/passwd
}
