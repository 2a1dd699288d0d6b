# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Which Debian package brings what pip did not find, by pip's own last words in $told.
hint() {
  case $told in
    *"Cannot find command 'git'"*) packages='"git"' ;;
    *pg_config*) packages='"libpq-dev"' ;;
    *mysql_config* | *mysqlclient*pkg-config*)
      packages='"default-libmysqlclient-dev", "pkg-config"' ;;
    *xmlsec*) packages='"libxmlsec1-dev", "pkg-config"' ;;
    *"libxml2 and libxslt"*) packages='"libxml2-dev", "libxslt1-dev"' ;;
    *ldap.h* | *lber.h*) packages='"libldap-dev", "libsasl2-dev"' ;;
    *ffi.h*) packages='"libffi-dev"' ;;
    # A compiler of pip's, whose own end is no signal.
    *"Killed signal terminated program"*)
      short_of_memory
      return 0 ;;
    *) return 0 ;;
  esac
  echo "A package of Debian's is missing: set extra_packages = [$packages]." >&2
}
