"""Putting root's files in place."""

import shlex
from base64 import b64encode
from collections.abc import Sequence

from pyinfra.api import StringCommand

from stack.host.files import Declared, Directory, File

# A folder that stands where a file should is moved away, not removed: it may be somebody's work.
FUNCTIONS = r"""
set -eu
away() {
  mkdir -p "${1%/*}"
  if [ -d "$1" ] && [ ! -L "$1" ]; then
    mkdir -p /var/backups/replaced
    mv -T "$1" "/var/backups/replaced/$(printf %s "$1" | tr / -)-$(date +%s)"
  fi
}
new() { printf %s "${1%/*}/.${1##*/}.new"; }
keep() {
  before="${1%/*}/.${1##*/}.before"
  rm -rf "$before"
  if [ -e "$1" ] || [ -L "$1" ]; then cp -a "$1" "$before"; fi
}
back() {
  before="${1%/*}/.${1##*/}.before"
  if [ -e "$before" ] || [ -L "$before" ]; then mv -fT "$before" "$1"; else rm -f "$1"; fi
}
file() {
  away "$1"
  rm -rf "$(new "$1")"
  IFS= read -r line
  (umask 077; printf %s "$line" | base64 -d > "$(new "$1")")
  chmod "$2" "$(new "$1")"
  mv -fT "$(new "$1")" "$1"
}
directory() {
  if [ -L "$1" ] || [ ! -d "$1" ]; then rm -f "$1"; mkdir -p "$1"; fi
  chown "root:$3" "$1"
  chmod "$2" "$1"
}
link() {
  away "$1"
  ln -sfn "$2" "$(new "$1")"
  mv -fT "$(new "$1")" "$1"
}
"""


def put(files: Sequence[Declared], check: str = "") -> StringCommand:
    """A command that puts files in place, each in one step.

    Args:
        check: a command that says whether what uses the files takes them. When it fails, the
            files are as they were before.
    """
    paths = [shlex.quote(file.path) for file in files]
    lines = [FUNCTIONS]
    if check:
        lines += [f"keep {path}" for path in paths]
    lines += [_call(file) for file in files]
    if check:
        undo = "; ".join(f"back {path}" for path in paths)
        lines += [f"{check} || {{ {undo}; exit 1; }}"]
        lines += ["rm -rf " + " ".join(f'"$(new {path} | sed s/new$/before/)"' for path in paths)]
    stdin = "".join(_line(file.content) for file in files if isinstance(file, File))
    arguments = {"_stdin": stdin} if stdin else {}
    return StringCommand("\n".join(lines), **arguments)  # type: ignore[arg-type]


def _call(file: Declared) -> str:
    match file:
        case File(path=path, mode=mode):
            words = ["file", path, mode]
        case Directory(path=path, mode=mode, group=group):
            words = ["directory", path, mode, group]
        case _:
            words = ["link", file.path, file.target]
    return shlex.join(words)


def _line(content: str) -> str:
    return b64encode(content.encode()).decode() + "\n"
