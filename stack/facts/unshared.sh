# shellcheck shell=sh
# Tells what a site that a person has made holds of what is to be shared, and the folder of what is
# shared has not: a line for each, how it gets there (`move`, `copy` where something is there
# already, `link` where it is a symlink to somewhere else), its folder and its path in that; `end`
# where all of it was told. Files count by their names, and what cannot be looked into counts.
#
# $1 the site's folder, $2 that of what is shared, $3 the folders in the site's that may have
# manage.py, a line for each, then the paths.
site=$1 shared=$2 folders=$3
shift 3
# shellcheck disable=SC2016 # for the shell that runs it
is_there='
  here=$1 there=$2
  shift 2
  for one; do
    [ -e "$there${one#"$here"}" ] || [ -L "$there${one#"$here"}" ] || exit 1
  done'
for path; do
  # shellcheck disable=SC2086 # no path of a setting has a space
  for folder in $folders; do
    here=$site/$folder/$path there=$shared/$path
    [ -e "$here" ] || continue
    [ "$(readlink -f "$here")" != "$(readlink -f "$there")" ] || continue
    ! find -H "$here" ! -type d -exec sh -c "$is_there" sh "$here" "$there" {} + 2>/dev/null ||
      continue
    how="move"
    if [ -e "$there" ]; then how="copy"; elif [ -L "$here" ]; then how="link"; fi
    printf '%s %s %s\n' "$how" "$folder" "$path"
    break
  done
done
echo end
