# shellcheck shell=sh disable=SC3045 # Debian's has ulimit -t
# Tells what was written into releases since they were built: after a line `r FOLDER` one for each
# file (f) and folder (d) that was added, and for each path of `shared` (s) that is their own,
# was changed, and holds any file; `e` where all of it was told. A folder that its own user may not look
# into, as root makes it, counts as a file: nobody can tell what it holds.
#
# One that takes too long, or of which a program was ended, says nothing of the others.
#
# Any program here may be ended by its user, or by the kernel for want of memory, and what it has told
# until then is not all: so each is asked how it ended, and none stands in a pipe but with a mark.
#
# $1 the paths of `shared`, a line for each. On standard input the releases' folders, a line for each.
export LC_ALL=C
shared=$1 folders=$(cat)
# Whether what has just failed did so by itself: a path may not be there.
by_itself() { [ "$?" -lt 128 ]; }
# What is new in $now, which is a manifest, against another; static files of earlier releases are
# linked in by ourselves.
added() {
  { printf '%s\n' "$now" && echo end; } | static=$static src=$src shared=$shared awk '
    function known_as(kind, numbers) {
      if (!match($0, " " kind " " numbers "$")) return 0
      line = kind " " substr($0, 1, RSTART - 1)
      return 1
    }
    BEGIN {
      static = ENVIRON["static"] "/"
      count = split(ENVIRON["shared"], shared, "\n")
      for (i = 1; i <= count; i++) start[i] = ENVIRON["src"] "/" shared[i]
    }
    now && $0 == "end" { whole = 1; next }
    { is_known = known_as("f", "[0-7]+ [0-9]+ [0-9]+ -?[0-9.]+ *") || known_as("d", "[0-7]+ [0-9]+") }
    !now { built[$0]; if (is_known) known[line]; next }
    !($0 in built) {
      for (i = 1; i <= count; i++)
        if (index($0, start[i]) == 1 && substr($0, length(start[i]) + 1, 1) ~ /[ \/]/) changed[i]
      if (!is_known || line in known || told == 1000) next
      if (static != "/" && index(substr(line, 3) "/", static) == 1) next
      print line
      told++
    }
    END {
      for (i in changed) if (shared[i] != "") print "s " shared[i]
      exit !whole
    }
  ' now=0 "$1/.built" now=1 -
}
newline='
'
tell() {
  printf 'r %s\n' "$folder"
  if [ -d "$folder" ] && ! { [ -r "$folder" ] && [ -x "$folder" ]; }; then
    echo 'f .'
    return
  fi
  # As in home.sh: a line without end would take all of the host's memory.
  built=$(find "$folder/.built" -maxdepth 0 -type f -size -262145k 2>/dev/null) || by_itself || exit 1
  [ -n "$built" ] || return 0
  find "$folder" -ignore_readdir_race -name __pycache__ -prune -o \
    -type d ! \( -readable -executable \) -printf 'f %P\n' -prune || exit 1
  static=$(readlink "$folder/static") || by_itself || exit 1
  src=$(readlink "$folder/src") || by_itself || exit 1
  now=$(manifest_of_release "$folder") || exit 1
  told=$newline$(added "$folder") || exit 1
  printf '%s\n' "${told%%"${newline}s "*}"
  # shellcheck disable=SC2086 # no path of a setting has a space
  for path in $shared; do
    case $told$newline in *"${newline}s $path$newline"*) ;; *) continue ;; esac
    [ ! -L "$folder/src/$path" ] || continue
    # There is nothing to be moved in folders alone.
    found=$(find "$folder/src/$path" \( ! -type d -o ! -readable -o ! -executable \) -print \
      -quit 2>/dev/null) || by_itself || exit 1
    [ -z "$found" ] || printf 's %s\n' "$path"
  done
}
for folder in $folders; do
  # A release is read in less than one second of the processor's.
  # What it said to no line's end ends here.
  (ulimit -t 10 && tell && echo e) || echo
done
