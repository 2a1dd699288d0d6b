# shellcheck shell=sh
# Keeps what is shared to its user, but for Nginx where it may pass to the uploads. A default ACL, by
# which that was inherited, has a mask in the mode's place for a group.
#
# $1 the folder.
if getfacl -cE -- "$1" 2>/dev/null | grep -qx 'user:www-data:--x'; then
  # In one step: visitors get uploads meanwhile.
  setfacl --set u::rwx,u:www-data:x,g::-,o::- -- "$1"
else
  # With who is named, whom a mode only masks: once Nginx may pass, the mask is another.
  setfacl --set u::rwx,g::-,o::- -- "$1" 2>/dev/null || chmod 700 "$1"
fi
