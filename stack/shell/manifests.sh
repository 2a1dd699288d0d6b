# shellcheck shell=sh
# What a folder held when it was built, so that damage is seen later. $1 is the folder.

# Each line is a path with what changes when it is touched: of a file the size and the time, of a
# symlink where it leads. Only what is missing counts: what a project adds to its own code is its
# own affair. Compiled bytecode comes and goes by itself.
# It fails where one that takes part in it was ended, as the kernel does for want of memory.
manifest_of_release() {
  (cd "$1" && {
    find . -maxdepth 0 -printf '%p %m %U\n'
    # A link to the static files, where they are not in src/static.
    set -- source src
    [ ! -L static ] || set -- "$@" static
    find "$@" -name __pycache__ -prune -o ! -name '*.pyc' \( \
      -type d -printf '%p %y %m %U\n' -o -printf '%p %y %m %U %s %T@ %l\n' \) ||
      [ "$?" -lt 128 ] && echo end
  } | LC_ALL=C sort | awk '$0 == "end" { whole = 1; next } { print } END { exit !whole }')
}

# A virtualenv has thousands of files, and looking at each would be most of a plan's time. Its
# folders tell what was added, removed or replaced in them; what somebody writes into a library's
# file in place is not seen. Owners are numbers, since looking up a name for each takes long.
manifest_of_virtualenv() { _folders_of_virtualenv "$1" | LC_ALL=C sort | ended; }

_folders_of_virtualenv() {
  (cd "$1" && find . -mindepth 1 -name __pycache__ -prune -o \
    -type d -printf '%p %y %m %U %T@\n' -o \
    \( -path './bin/*' -o -path ./pyvenv.cfg \) -printf '%p %y %m %U %s %T@ %l\n')
}

# The files of libraries: for where a folder tells that there is something new in it.
files_of_virtualenv() { _files_of_virtualenv "$1" | ended; }

_files_of_virtualenv() {
  (cd "$1" && find ./lib -name __pycache__ -prune -o ! -type d -printf '%p %y %s %T@ %l\n')
}

# Whether a file is one: a pipe would be waited for, and no manifest of ours is that long.
is_manifest() { [ -n "$(find "$1" -maxdepth 0 -type f -size -262145k 2>/dev/null)" ]; }

# The end tells a manifest that was cut.
ended() { awk '{ print } END { print "end", NR }'; }

# Whether a virtualenv is as its manifest says. As long as a folder has its time, nothing was added to
# it: so what the manifest names is looked at alone, which saves most of the way through all of it.
is_virtualenv_as_built() {
  case $(tail -n 1 "$1/.built") in
    'end '*)
      # A name with a line end in it is found by going through all alone.
      _named_in_manifest "$1" | cmp -s - "$1/.built" ||
        manifest_of_virtualenv "$1" | cmp -s - "$1/.built" || _has_more_in_libraries "$1"
      ;;
    # Earlier versions wrote no end.
    *) manifest_of_virtualenv "$1" | sed '$d' | cmp -s - "$1/.built" ;;
  esac
}

_named_in_manifest() {
  # shellcheck disable=SC2016 # the other shell's
  (cd "$1" && sed -n '/^[.][/]/s/ [a-z] [0-7]* [0-9]* .*//p' .built | xargs -r -d '\n' sh -c '
    find "$@" -maxdepth 0 -type d -printf "%p %y %m %U %T@\n" -o -printf "%p %y %m %U %s %T@ %l\n"
  ' sh | ended)
}

# Whether all is there that was built, and new is but what a library, or a project, keeps in a
# library's own folder. What stands beside libraries may be one.
_has_more_in_libraries() {
  # Earlier versions did not write files down.
  is_manifest "$1/.files" || return 1
  {
    _whenever_filled < "$1/.built" && cat "$1/.files" && echo now &&
      _folders_of_virtualenv "$1" | _whenever_filled && _files_of_virtualenv "$1"
  } | awk '
    $0 == "now" { now = 1; next }
    now { delete built[$0]; next }
    $1 == "end" { whole += $2 == lines; lines = 0; next }
    { built[$0]; lines++ }
    END { for (line in built) exit 1; exit whole != 2 }
  '
}

# Leaves out when something was last put into the folders of libraries.
_whenever_filled() { sed 's/^\([.]\/lib\/[^/]*\/[^/]*-packages\/.* d [0-7]* [0-9]*\) [0-9.]*$/\1/'; }
