# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Says of a module that was Python's own until it left it, and is looked for, which Python has it: by
# what raised it, in $told.
gone_module() {
  module=$(printf '%s\n' "$told" | sed -n \
    "s/^ *ModuleNotFoundError: No module named '\([a-z0-9_]*\)[.a-z_]*'\$/\1/p" | tail -n 1)
  case $module in
    asynchat | asyncore | distutils | imp | smtpd) since=3.12 ;;
    aifc | audioop | cgi | cgitb | chunk | crypt | imghdr | mailcap | nntplib | pipes | sndhdr | \
      spwd | sunau | telnetlib | uu | xdrlib | lib2to3) since=3.13 ;;
    pkg_resources)
      echo "pkg_resources is a part of setuptools: add setuptools<81 to the requirements." >&2
      return 0 ;;
    *) return 0 ;;
  esac
  # What wants one of them may want the others too, and here all are.
  echo "$module was removed from Python in $since: set python = \"3.11\", which is brought, or require versions" \
    "of Django and of the packages that work without it." >&2
}
