# shellcheck shell=sh
# Builds a virtualenv. The requirements lie for a moment where their file does in the source: the
# paths in them are relative to it. Whatever pip is configured to do, it installs into the virtualenv
# and not for the user, and bytecode is compiled now. What pip has not put there gets the folders for
# it: were they made by the first who imports it, the virtualenv would no longer be as it was built.
#
# $1 the virtualenv's folder, $2 the interpreter, $3 what makes it: `virtualenv`, which knows no Python
# that is much newer, or `venv`, $4 the name in its prompt, $5 the folder of the requirements, $6 the
# text of masking.py, $7 `yes` where the requirements are a lock: they name all that is installed,
# then the names of variables that the requirements have.
# On standard input come a line of base64 that exports these, one with what is added to a lock, one with
# what has no hash where the requirements have them, and the requirements as base64.
virtualenv=$1 python=$2 maker=$3 name=$4 folder=$5 masking=$6 lock=$7
shift 7
requirements=$folder/.requirements-to-install.txt
added=$folder/.requirements-added.txt
unhashed=$folder/.requirements-unhashed.txt
# Half of it would only fill the disk, which may be why it failed.
trap 'still_live; rm -f "$requirements" "$added" "$unhashed"; [ -e "$virtualenv/.built" ] || rm -rf "$virtualenv"' EXIT
IFS= read -r variables
IFS= read -r more
printf %s "$more" | take "$added"
IFS= read -r more
printf %s "$more" | take "$unhashed"
take "$requirements"
rm -rf "$virtualenv"
mkdir -p "${virtualenv%/*}"
case $maker in
  venv) last_lines "$python" -m venv --prompt "$name" "$virtualenv" ;;
  *) last_lines virtualenv -q -p "$python" --prompt "$name" "$virtualenv" ;;
esac
cd "$folder" || exit
(
  eval "$(printf %s "$variables" | base64 -d)"
  install() {
    last_lines "$virtualenv/bin/pip" install --progress-bar off --no-input \
      --disable-pip-version-check --no-user --compile "$@" 2>&1 || {
      unbuilt
      return 1
    }
  }
  # Beside hashes, an old pip (Debian 12's) takes NAME[EXTRA]>=1, which a package asks for, for one
  # that nobody pinned, whatever the lock says of NAME. What is added has dependencies of its own.
  install_all() {
    install "$@" ${lock:+--no-deps} -r "$requirements" || return
    install_unhashed "$@" || return
    [ ! -s "$added" ] || install "$@" -r "$added"
  }
  # What it depends on is among what has hashes: without them, nothing is fetched.
  install_unhashed() {
    [ -s "$unhashed" ] || return 0
    install "$@" --no-deps -r "$unhashed" || return
    [ -n "$lock" ] || last_lines "$virtualenv/bin/pip" check 2>&1
  }
  # So does a requirements file with hashes, and that one may lack something.
  install_as_locked() {
    install --no-deps -r "$requirements" && install_unhashed &&
      last_lines "$virtualenv/bin/pip" check 2>/dev/null
  }
  # Debian's pip has a setup.py find what the virtualenv happens to hold. Newer ones (as of 25.3)
  # always give it an environment of its own, with the setuptools of today.
  # pip shows the URLs that it could not get, with what was put into them.
  said=$(install_all) || case $said in
    *metadata-generation-failed*) said=$(install_all --use-pep517) ;;
    *"In --require-hashes mode"*"These do not:"*"["*) install_as_locked > /dev/null ;;
    *) false ;;
  esac || {
    told=$(printf '%s\n' "$said" | without_progress | "$virtualenv/bin/python" -c "$masking" "$@")
    printf '%s\n' "$told" >&2
    hint
    # What builds a package has a setuptools of its own, which the requirements do not change.
    case $told in *"'pkg_resources'"*) ;; *) gone_module ;; esac
    exit 1
  }
)
find "$virtualenv/lib" -name '*.py' -printf '%h/__pycache__\0' | sort -zu | xargs -0r mkdir -p
files_of_virtualenv "$virtualenv" > "$virtualenv/.files"
manifest_of_virtualenv "$virtualenv" > "$virtualenv/.built.new"
sync -f "$virtualenv"
mv "$virtualenv/.built.new" "$virtualenv/.built"
