# shellcheck shell=sh
# Unpacks a release's archive, and links what is shared into it. A file's time in the archive says
# nothing of when a visitor could have it: that is from now on.
#
# $1 the release's folder, $2 where `src` leads from there, $3 the folder of what is shared, $4 the
# folder with the files that are not sent, empty where all are, $5 the text of rebuild.py, then the
# shared paths, relative to `src`. The archive comes on standard input as base64. One that cannot be
# made of what is there leaves nothing, and is no failure.
release=$1 source=$2 shared=$3 base=$4 rebuild=$5
shift 5
trap '[ -e "$release/.unpacked" ] || rm -rf "$release"' EXIT
rm -rf "$release"
mkdir -p "$release/source"
chmod 711 "${release%/*}" "$release"
chmod 700 "$release/source"
if [ ! -e "$shared" ]; then
  mkdir -p "$shared"
  chmod 700 "$shared"
fi
take "$release/sent"
if [ -n "$base" ]; then
  { python3 -I -B -c "$rebuild" "$base" "$release/sent" && touch "$release/proven"; } |
    tar -xmf - -C "$release/source" && [ -e "$release/proven" ] || exit 0
else
  tar -xmf "$release/sent" -C "$release/source"
fi
rm -f "$release/sent" "$release/proven"
ln -s "$source" "$release/src"
for path; do
  here=$release/src/$path there=$shared/$path
  mkdir -p "$(dirname "$here")" "$(dirname "$there")"
  if [ ! -e "$there" ] && [ -e "$here" ]; then cp -a "$here" "$there"; fi
  case ${path##*/} in
    ?*.*) ;;
    *) [ -e "$there" ] || mkdir -p "$there" ;;
  esac
  rm -rf "$here"
  ln -s "$there" "$here"
done
touch "$release/.unpacked"
