# shellcheck shell=sh
# Moves files to where nothing reads them, and says so.
#
# The words are their paths.
for path; do
  aside "$path"
  printf '%s\n' "$path is in /var/backups/replaced now."
done
