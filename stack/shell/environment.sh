# shellcheck shell=sh
# Takes away what the server has set for people's sessions, in /etc/environment say, and what would
# have programs here do something else: PYTHONPATH, POSIXLY_CORRECT, CDPATH, TAR_OPTIONS and so on.
# What leads to the network stays, and where temporary files go. What some servers leave out of PATH
# is added, and programs' words are read in English. Programs look for files of theirs in the folder
# that they are started in, as supervisorctl and Python do: it is nobody's but root's. What is written,
# Nginx's logs by its own `nginx -t` say, is for others to read, but where a script says otherwise.
while IFS= read -r line; do
  name=${line#export }
  name=${name%%=*}
  case $name in
    '' | *[!A-Za-z0-9_]*) ;;
    PATH | HOME | USER | LOGNAME | PWD | TMPDIR) ;;
    *_proxy | *_PROXY | SSL_CERT_FILE | SSL_CERT_DIR | REQUESTS_CA_BUNDLE) ;;
    *) unset "$name" ;;
  esac
done << EOF
$(export -p)
EOF
unset line name
[ -d "${TMPDIR-/tmp}" ] || unset TMPDIR
cd /
umask 022
export LC_ALL=C.UTF-8 PATH="${PATH:-/usr/local/bin:/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin"
