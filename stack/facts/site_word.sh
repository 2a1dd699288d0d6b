# shellcheck shell=sh
# Tells whether a site is `closed` or `open`, `untold` where visitors come to one that was neither,
# and `new` where none came so far.
#
# $1 the file that closes the site, $2 what is in it while the site is open, $3 the folder of root's
# scripts for the project, $4 what a host behind balancers has.
if [ -f "$1" ]; then
  if [ "$(cat "$1")" = "$(printf %s "$2")" ]; then echo open; else echo closed; fi
elif [ ! -e "$4" ] && { [ -e "$3/switch.json" ] || [ -e "$3/balancer.json" ]; }; then
  echo untold
else
  echo new
fi
