# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Says of a module that Python does not find, by what raised it, in $told, what to do: whether the
# source has it elsewhere, or neither the source nor a package does.
#
# $1 the release's folder.
missing_package() {
  case $told in
    *'Error loading psycopg2 or psycopg module'*)
      echo 'PostgreSQL needs psycopg: add psycopg[binary] to the requirements, or set requirements to' \
        'a file that has it.' >&2
      return 0 ;;
  esac
  module=$(printf '%s\n' "$told" | sed -n \
    "s/^ *ModuleNotFoundError: No module named '\([A-Za-z0-9_]*\)'\$/\1/p" | tail -n 1)
  if [ -z "$module" ] || [ -e "$1/src/$module" ] || [ -e "$1/src/$module.py" ]; then
    return 0
  fi
  at=$(place_in_source "$1/source" "$module")
  if [ -n "$at" ]; then
    folder=$1/source/$at
    folder=$(realpath --relative-to="$1/src" "${folder%/*}")
    echo "The source has $module at $at, where Python does not look: have PYTHONPATH in env name" \
      "\"$folder\"." >&2
  else
    echo "Neither the source nor the requirements have $module. If a package has it, add that to the" \
      "requirements; docs/settings.md, Dependencies, says how to without changing the source." >&2
  fi
}
# Where a module lies that is no other package's own, the nearest to the top; nothing if nowhere.
#
# $1 the folder of the source, $2 the module.
place_in_source() (
  cd "$1" || exit 0
  find . -name node_modules -prune -o -type f \( -path "*/$2/__init__.py" -printf '%d %h\n' \
    -o -name "$2.py" -printf '%d %p\n' \) | sort -n | while read -r _ path; do
    [ -e "${path%/*}/__init__.py" ] || {
      printf '%s\n' "${path#./}"
      break
    }
  done
)
