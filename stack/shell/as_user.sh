# shellcheck shell=sh
# Runs a script as the project's user, and is run by root. What he runs gets no terminal, no open
# files of root's, and an environment that was made for it.
#
# $1 the user, $2 his home, $3 how many seconds it may take, $4 the script, then the script's own words.
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
# What he has stopped goes on, or all would wait for it. A limit ends it with a signal for each of
# them, root's too. Whoever looks for that on a busy machine may get the signal that ends it before
# it can take one, which sh then forgets: so it also ends once nobody is there to look for.
# shellcheck disable=SC2016 # for the shell that runs it
attended='
  trap : TERM
  (
    trap '\''kill "$!" || :; exit'\'' TERM
    while kill -0 "$$"; do
      sleep 5 &
      wait "$!"
      kill -CONT 0
    done
  ) < /dev/null > /dev/null 2>&1 &
  code=0
  "$@" || code=$?
  kill "$!"
  exit "$code"'
began=$(date +%s) code=0
(
  trap - HUP INT
  # Root's is the limit: one of his own he could stop.
  exec setsid -w timeout -k 1 "$seconds" sh -uc "$attended" sh runuser -u "$user" -- \
    env -i "HOME=$home" "USER=$user" "LOGNAME=$user" LANG=C.UTF-8 PATH=/usr/local/bin:/usr/bin:/bin "$@" \
    3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&-
) || code=$?
if [ "$code" != 0 ] && [ "$(($(date +%s) - began))" -ge "$seconds" ]; then
  echo "This was still running after $seconds s and was killed." >&2
fi
exit "$code"
