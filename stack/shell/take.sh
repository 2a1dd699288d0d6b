# shellcheck shell=sh
# Writes to a file what comes on standard input as base64. A writer that finds its reader gone would
# report that in place of the reader's own error, so the rest is read whatever happens.
#
# $1 the file.
take() {
  base64 -d > "$1" || {
    cat > /dev/null
    return 1
  }
}
