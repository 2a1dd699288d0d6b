# shellcheck shell=sh
# Tells what Django writes into a release as it runs from what the release is made of: of a log in
# its own folder, one more line is no damage. For manifests.sh.

# Django runs from here on: where an earlier start of it was cut, from there.
django_begins() {
  [ -e "$1/.before" ] || {
    manifest_of_release "$1" > "$1/.before.new"
    mv "$1/.before.new" "$1/.before"
  }
}

# It has run up to here. What is new or changed since goes into the release's `.written`, but for
# static files: their folder is in the note that Django left as it checked the release.
django_ends() {
  [ -e "$1/.before" ] || return 0
  manifest_of_release "$1" > "$1/.now"
  into=src/static
  if [ -f "$1/.static" ]; then read -r into < "$1/.static" || :; fi
  into=$(readlink -m "$1/$into")
  static=${into#"$(cd "$1" && pwd -P)/"} awk '
    !now { before[$0]; next }
    $0 in before { next }
    { sub(/ [a-zA-Z] [0-7]+ [0-9]+( .*)?$/, "") }
    index($0 "/", ENVIRON["static"] "/") == 1 { next }
    { print }
  ' now=0 "$1/.before" now=1 "$1/.now" >> "$1/.written"
  if [ -e "$1/.built" ]; then
    # Which release is the newest is told by its time.
    made_of "$1" "$1/.built" && touch -r "$1/.built" "$1/.built.new" && mv "$1/.built.new" "$1/.built"
  fi
  rm -f "$1/.before" "$1/.now"
}

# Leaves in `.built.new` what of a manifest, $2, Django has not written.
made_of() {
  touch "$1/.written"
  awk '
    { whole = $0; sub(/ [a-zA-Z] [0-7]+ [0-9]+( .*)?$/, "") }
    !now { written[$0]; next }
    !($0 in written) { print whole }
  ' now=0 "$1/.written" now=1 "$2" > "$1/.built.new"
  sync -f "$1"
}
