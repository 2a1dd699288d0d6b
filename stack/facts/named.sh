# shellcheck shell=sh
# Tells which files below /etc say that something is in one of some folders; what certbot itself
# keeps about them is left out.
#
# The words are the folders.
for folder in "$@"; do
  grep -rlsF --exclude-dir=letsencrypt -e "$folder/" /etc || :
done
