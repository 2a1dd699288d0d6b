# shellcheck shell=sh disable=SC2154 # last_lines leaves $told
# Which package pip has failed with, by its own words in $told: what it says in the end is "the package
# mentioned above", and that was in its progress. A URL is not told, for it may hold a password.
unbuilt() {
  case $told in *subprocess-exited-with-error* | *metadata-generation-failed*) ;; *) return 0 ;; esac
  package=$(printf '%s\n' "$told" | sed -n \
    -e 's/^ *ERROR: Failed building wheel for \([A-Za-z0-9._-]*\).*$/\1/p' | sort -u | tr '\n' ' ')
  [ -n "$package" ] ||
    package=$(printf '%s\n' "$told" | grep -E '^ *(Collecting|Processing) ' | tail -n 1 |
      sed -n -E 's,^ *[CP][a-z]* ([A-Za-z0-9./][A-Za-z0-9._=<>!~,/-]*)([[ @].*)?$,\1,p')
  [ -z "$package" ] || echo "The package that failed is ${package% }."
}

# What pip says, without what it says on its way.
without_progress() {
  sed -E -e '/^ *(Collecting|Processing|Obtaining|Downloading|Using cached|Looking in) /d' \
    -e '/^ *(Requirement already satisfied:|Ignoring |Building wheels? for |Created wheel)/d' \
    -e '/^ *(Stored in directory:|Installing collected packages:|Attempting uninstall:)/d' \
    -e '/^ *(Found existing|Uninstalling|Successfully|Cloning|Running command|Resolved) /d' \
    -e '/^ .*: (started|still running\.\.\.|finished with status .*)$/d'
}
