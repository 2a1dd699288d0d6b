# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Which variable of its environment a project did not find, by what raised it: Python itself,
# django-environ, python-decouple or environs. $1 the names that it has.
missing_variable() {
  variable=$(printf '%s\n' "$told" | sed -n \
    -e "s/^KeyError: '\([A-Za-z_][A-Za-z0-9_]*\)'\$/\1/p" \
    -e 's/^.*ImproperlyConfigured: Set the \([A-Za-z_][A-Za-z0-9_]*\) environment variable.*$/\1/p' \
    -e 's/^.*UndefinedValueError: \([A-Za-z_][A-Za-z0-9_]*\) not found\..*$/\1/p' \
    -e 's/^.*Environment variable "\([A-Za-z_][A-Za-z0-9_]*\)" not set.*$/\1/p' | tail -n 1)
  case $told in
    *"KeyError: '$variable'"*)
      # Any other dictionary's key is none of it.
      case $told in *'<frozen os>'* | */os.py\"*) ;; *) variable='' ;; esac ;;
  esac
  case " $1 " in *" $variable "*) return 0 ;; esac
  [ -z "$variable" ] ||
    echo "The project needs the environment variable $variable: declare it in env." >&2
}
