# shellcheck shell=sh
# Tells whether a site is `closed` or `open`, `untold` where visitors come to one that was neither,
# and `new` where none came so far: also where a deployment has not come as far as the site.
#
# $1 the file that closes the site, $2 what is in it while the site is open, $3 what a site of the
# project's has in its text, $4 the folder of enabled sites, $5 what a host behind balancers has.
if [ -f "$1" ]; then
  if [ "$(cat "$1")" = "$(printf %s "$2")" ]; then echo open; else echo closed; fi
elif [ ! -e "$5" ] && grep -qsF -- "$3" "$4"/*; then
  echo untold
else
  echo new
fi
