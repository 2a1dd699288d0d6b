# shellcheck shell=sh
# Lets others pass through the home, as Nginx must to the static files, but not look. Where a folder
# has a default ACL, as /home may, the umask of whoever makes something in it does not count: so the
# home has none. The package acl may not be there.
#
# $1 the home, $2 whose it is: USER:GROUP.
mkdir -p "$1"
chown "$2" "$1"
chmod 711 "$1"
python3 -I -c '
import errno, os, sys
try:
    os.removexattr(sys.argv[1], "system.posix_acl_default")
except OSError as error:
    if error.errno not in (errno.ENODATA, errno.ENOTSUP):
        raise SystemExit(f"{sys.argv[1]}: its default ACL cannot be removed: {error.strerror}")
' "$1"
