# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Which Debian package brings what pip did not find, by pip's own last words in $told.
hint() {
  packages=$(of_header "$(printf '%s\n' "$told" | sed -n \
    's/^.*fatal error: \([^ :]*\): No such file or directory.*$/\1/p' | tail -n 1)")
  [ -n "$packages" ] || case $told in
    *"Cannot find command 'git'"*) packages='"git"' ;;
    *pg_config*) packages='"libpq-dev"' ;;
    *mysql_config* | *mysqlclient*pkg-config*)
      packages='"default-libmysqlclient-dev", "pkg-config"' ;;
    *xmlsec*) packages='"libxmlsec1-dev", "pkg-config"' ;;
    *"libxml2 and libxslt"*) packages='"libxml2-dev", "libxslt1-dev"' ;;
    # As Pillow says it, which looks for headers before it has one included.
    *"files could not be found for "*) packages='"libjpeg-dev", "zlib1g-dev", "libfreetype-dev"' ;;
    *curl-config*) packages='"libcurl4-openssl-dev", "libssl-dev"' ;;
    *gdal-config*) packages='"libgdal-dev"' ;;
    *krb5-config*) packages='"libkrb5-dev"' ;;
    # As meson says it with pkg-config, and without.
    *'ependency "cairo"'* | *"ependency lookup for cairo"*) packages='"libcairo2-dev", "pkg-config"' ;;
    # A compiler of pip's, whose own end is no signal.
    *"Killed signal terminated program"*)
      short_of_memory
      return 0 ;;
    *) return 0 ;;
  esac
  echo "A package of the server's system is missing: set extra_packages = [$packages]." >&2
}
# Prints the packages for a header that the compiler did not find, by names that all systems have.
# $1 the header.
of_header() {
  case $1 in
    libpq-fe.h | libpq/*) echo '"libpq-dev"' ;;
    mysql.h | mysql/*) echo '"default-libmysqlclient-dev", "pkg-config"' ;;
    libxml/* | libxslt/* | libexslt/*) echo '"libxml2-dev", "libxslt1-dev"' ;;
    xmlsec/*) echo '"libxmlsec1-dev", "pkg-config"' ;;
    jpeglib.h | zlib.h | ft2build.h) echo '"libjpeg-dev", "zlib1g-dev", "libfreetype-dev"' ;;
    ffi.h) echo '"libffi-dev"' ;;
    openssl/*) echo '"libssl-dev"' ;;
    ldap.h | lber.h | sasl/* | sasl.h) echo '"libldap-dev", "libsasl2-dev"' ;;
    curl/*) echo '"libcurl4-openssl-dev", "libssl-dev"' ;;
    gdal.h | gdal_*.h | cpl_*.h | ogr_*.h) echo '"libgdal-dev"' ;;
    geos_c.h) echo '"libgeos-dev"' ;;
    proj.h) echo '"libproj-dev"' ;;
    cairo.h | cairo/*) echo '"libcairo2-dev", "pkg-config"' ;;
    pango/*) echo '"libpango1.0-dev", "pkg-config"' ;;
    graphviz/*) echo '"libgraphviz-dev", "pkg-config"' ;;
    sql.h | sqlext.h) echo '"unixodbc-dev"' ;;
    sybdb.h) echo '"freetds-dev"' ;;
    sqlite3.h) echo '"libsqlite3-dev"' ;;
    libmemcached/*) echo '"libmemcached-dev"' ;;
    librdkafka/*) echo '"librdkafka-dev"' ;;
    krb5.h | gssapi.h | gssapi/*) echo '"libkrb5-dev"' ;;
    magic.h) echo '"libmagic-dev"' ;;
    yaml.h) echo '"libyaml-dev"' ;;
    gmp.h) echo '"libgmp-dev"' ;;
    snappy-c.h | snappy.h) echo '"libsnappy-dev"' ;;
    unicode/*) echo '"libicu-dev", "pkg-config"' ;;
    sodium.h) echo '"libsodium-dev"' ;;
  esac
}
