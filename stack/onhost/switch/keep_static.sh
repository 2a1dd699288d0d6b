# shellcheck shell=sh disable=SC2164,SC3013
# Link the static files of the release that is live into the next one, where that has none of the
# name: $1 is ~/PROJECT, $2 the folder of the next.

# Where a release has its static files, from its folder: $1 is that.
static_of() { readlink "$1/static" || printf '%s/static\n' "$(readlink "$1/src")"; }
old=$1/$(static_of "$1") new=$2/$(static_of "$2")
if [ -d "$old" ] && [ -d "$new" ] && [ ! "$old" -ef "$new" ]; then
  export LC_ALL=C
  cd "$old"
  {
    find . -type f
    for kept in "${2%/*}"/*/.built; do
      # As in stack/facts/home.sh: a line without end would take all of the host's memory.
      [ -n "$(find "$kept" -maxdepth 0 -type f -size -262145k 2>/dev/null)" ] || continue
      static=$(static_of "${kept%/.built}")
      head -c 262144k "$kept" |
        sed -n "s|^$static/\(.*\) f [0-7]* [0-9]* [0-9]* [0-9.]* *$|./\1|p"
    done | sort -u
    # Some versions of cp count a file that is there already as a failure.
  } | sort | uniq -d | xargs -r -d '\n' cp --parents -aln -t "$new" || :
fi
