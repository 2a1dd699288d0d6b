# shellcheck shell=sh
# Has a build of Python in a folder of root's, whole or not at all, and a file that says whose it is.
# Its library is compiled now: whoever runs it cannot write there, and would compile it each time.
#
# $1 the folder, $2 the file. On standard input comes a .tar.gz as base64, in which the build lies in
# a folder of the same name; nothing where it is there already.
folder=$1 mark=$2
umask 022
mkdir -p "${folder%/*}"
if [ -x "$folder/bin/python3" ]; then
  cat > /dev/null
else
  # What a run that lost its power has left; nobody else is at it now.
  rm -rf "${folder%/*}"/.new-*
  new=$(mktemp -d "${folder%/*}/.new-XXXXXX")
  trap 'rm -rf "$new"' EXIT
  take "$new/archive.tar.gz"
  tar -xzf "$new/archive.tar.gz" -C "$new" --no-same-owner
  here=$new/${folder##*/}
  "$here/bin/python3" -I -c 'pass'
  # What the library holds for tests of its own is not meant to compile.
  "$here/bin/python3" -I -m compileall -q -j 0 -s "$new" -p "${folder%/*}" "$here/lib" > /dev/null || :
  sync -f "$here"
  rm -rf "$folder"
  mv -T "$here" "$folder"
fi
touch "$mark"
