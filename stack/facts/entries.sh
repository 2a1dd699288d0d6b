# shellcheck shell=sh
# Tells what paths are, and what is in those that are files.
entries() {
  find "$@" -maxdepth 0 -printf 'entry\t%p\t%y\t%m\t%u\t%g\t%C@\t%T@\t%l\n' \
    -type f -exec sha256sum {} + 2>/dev/null
}
