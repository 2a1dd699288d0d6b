# shellcheck shell=sh
# Removes files and folders of root's.
#
# The words are their paths.
for path; do
  rm -rf --one-file-system -- "$path"
done
