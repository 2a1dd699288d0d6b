# shellcheck shell=sh
# Runs a script as the project's user, and is run by root. What he runs gets no terminal, no open
# files of root's, and an environment that was made for it.
#
# $1 the user, $2 his home, $3 how many seconds it may take, or nothing, $4 the script, then the
# script's own words.
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
user=$1 home=$2 seconds=$3 script=$4
shift 4
# What has begun in a session of its own hears neither Ctrl-C nor that the terminal was closed: this
# waits for it, and with it holds the lock of what is under way.
trap '' HUP INT
set -- sh -euc "cd /; umask 077; $script" sh "$@"
# pip may need these. One with a password would stand in the arguments here, for all to read.
value=
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY SSL_CERT_FILE \
  SSL_CERT_DIR REQUESTS_CA_BUNDLE; do
  eval "value=\${$name-}"
  case $value in
    '' | *@*) ;;
    *) set -- "$name=$value" "$@" ;;
  esac
done
(
  trap - HUP INT
  # Root's is the limit: one of his own he could stop.
  exec setsid -w ${seconds:+timeout -k 1 "$seconds"} runuser -u "$user" -- \
    env -i "HOME=$home" "USER=$user" "LOGNAME=$user" LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin "$@" \
    3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
)
exit $?
