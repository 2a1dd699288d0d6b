# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Says of a module that neither the source nor a package has, by what raised it, in $told, what to do.
#
# $1 the folder of the source.
missing_package() {
  case $told in
    *'Error loading psycopg2 or psycopg module'*)
      echo 'PostgreSQL needs psycopg: add psycopg[binary] to the requirements, or set requirements to' \
        'a file that has it.' >&2
      return 0 ;;
  esac
  module=$(printf '%s\n' "$told" | sed -n \
    "s/^ *ModuleNotFoundError: No module named '\([A-Za-z0-9_]*\)'\$/\1/p" | tail -n 1)
  if [ -n "$module" ] && [ ! -e "$1/$module" ] && [ ! -e "$1/$module.py" ]; then
    echo "Neither the source nor the requirements have $module. Where a package has it, add that to the" \
      "requirements; docs/settings.md, Dependencies, says how to without changing the source." >&2
  fi
}
