"""Building a release beside what is live: its code, environment, virtualenv, static files."""

import json
import os
import shlex
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath

from pyinfra.api import StringCommand

from stack.onhost import inside, script
from stack.shell.account import as_user
from stack.shell.manifests import MANIFESTS
from stack.shell.printing import LAST_LINES, telling
from stack.shell.scripts import beside
from stack.source import Source
from stack.state.placement import Placement

LINE_BYTES = 3 * 8192
"""A whole number of base64's groups, so that the lines are one text; an SSH packet holds that."""

# A writer that finds its reader gone would report that in place of the reader's own error, so
# the rest of the input is read whatever happens.
TAKE = 'take() { base64 -d > "$1" || { cat > /dev/null; return 1; }; }; '

# A file's time in the archive says nothing of when a visitor could have it: that is from now on.
UNPACK = (
    TAKE
    + r"""
release=$1 source=$2 shared=$3; shift 3
trap '[ -e "$release/.unpacked" ] || rm -rf "$release"' EXIT
rm -rf "$release"
mkdir -p "$release/source" "$shared"
chmod 711 "${release%/*}" "$release"
take "$release/archive.tar.gz"
tar -xzmf "$release/archive.tar.gz" -C "$release/source"
rm "$release/archive.tar.gz"
ln -s "$source" "$release/src"
for path in "$@"; do
  here="$release/src/$path" there="$shared/$path"
  mkdir -p "$(dirname "$here")" "$(dirname "$there")"
  if [ ! -e "$there" ] && [ -e "$here" ]; then cp -a "$here" "$there"; fi
  case ${path##*/} in ?*.*) ;; *) [ -e "$there" ] || mkdir -p "$there" ;; esac
  rm -rf "$here"
  ln -s "$there" "$here"
done
touch "$release/.unpacked"
"""
)

SCRIPT = (
    TAKE
    + r"""
if [ -d "$1" ] && [ ! -L "$1" ]; then mv -T "$1" "$1.replaced-$(date +%s)"; fi
take "$1.new"
chmod 700 "$1.new"
mv -fT "$1.new" "$1"
"""
)

# The requirements lie for a moment where their file does in the source: the paths in them are
# relative to it. Bytecode is compiled now, whatever pip is configured to do: were it made by the
# first who imports it, the virtualenv would no longer be as it was built.
VIRTUALENV = (
    TAKE
    + LAST_LINES
    + MANIFESTS
    + beside(__file__, "hint.sh")
    + r"""
virtualenv=$1 python=$2 name=$3 folder=$4 masking=$5
shift 5
requirements=$folder/.requirements-to-install.txt
# Half of it would only fill the disk, which may be why it failed.
trap 'rm -f "$requirements"; [ -e "$virtualenv/.built" ] || rm -rf "$virtualenv"' EXIT
IFS= read -r variables
take "$requirements"
rm -rf "$virtualenv"
mkdir -p "${virtualenv%/*}"
last_lines virtualenv -q -p "$python" --prompt "$name" "$virtualenv"
cd "$folder"
(
  eval "$(printf %s "$variables" | base64 -d)"
  # pip shows the URLs that it could not get, with what was put into them.
  said=$(last_lines "$virtualenv/bin/pip" install -q --no-input --disable-pip-version-check \
    --compile -r "$requirements" 2>&1) || {
    told=$(printf '%s\n' "$said" | "$virtualenv/bin/python" -c "$masking" "$@")
    printf '%s\n' "$told" >&2
    hint
    exit 1
  }
)
manifest_of_virtualenv "$virtualenv" > "$virtualenv/.built.new"
sync -f "$virtualenv"
mv "$virtualenv/.built.new" "$virtualenv/.built"
"""
)

CHECK = LAST_LINES + beside(__file__, "check.sh")

# Django tells where the files went; Nginx serves them from src/static. What others may read is
# only that folder: the rest of the code stays the user's own.
STATIC = LAST_LINES + MANIFESTS + beside(__file__, "collect_static.sh")


def unpack(place: Placement) -> StringCommand:
    """Unpack the archive into the release's folder, and link what is shared into it.

    A shared path that its host does not have yet starts with what the source has there, else as
    an empty folder; a name with a suffix is taken for a file, which the project itself makes.
    """
    target = place.target
    source = PurePosixPath("source") / target.settings.src
    words = [str(place.folder), str(source), str(target.layout.shared), *target.settings.shared]
    return as_user(target.layout, UNPACK, *words, stdin=_archive(place.release.source))


def write_scripts(place: Placement) -> Iterator[StringCommand]:
    """Write the release's `manage` and `with-env`, for the user alone."""
    for name, text in (("manage", place.manage), ("with-env", place.with_env)):
        path = str(place.folder / name)
        yield as_user(place.target.layout, SCRIPT, path, stdin=_line(text.encode()))


def build_virtualenv(place: Placement) -> StringCommand:
    """Build the virtualenv in its own folder, where it counts once `.built` is in it."""
    target, requirements = place.target, place.release.requirements
    return as_user(
        target.layout,
        VIRTUALENV,
        str(place.virtualenv),
        target.settings.python,
        target.layout.user,
        str((place.folder / "source" / requirements.path).parent),
        script("masking"),
        *requirements.variables,
        stdin=_line(_variables(place).encode()) + _line(requirements.text.encode()),
    )


def _variables(place: Placement) -> str:
    """What pip is to put in for ${NAME} in the requirements, as lines of shell."""
    known = {**os.environ, **place.release.environment}
    return "".join(
        f"export {name}={shlex.quote(known[name])}\n"
        for name in place.release.requirements.variables
        if name in known
    )


def link_virtualenv(place: Placement) -> StringCommand:
    """The release leads to its virtualenv."""
    script = 'ln -sfn "$1" "$2.new"; mv -fT "$2.new" "$2"'
    target, link = f"../../.virtualenvs/{place.virtualenv.name}", str(place.folder / "virtualenv")
    return as_user(place.target.layout, script, target, link)


def check(place: Placement, *, again: bool = False) -> StringCommand:
    """Have Django check the release with its environment, as fit for production.

    What would go with the release, such as a SQLite database in it, ends the release too.

    Args:
        again: the migrations have been applied. Before that, a check that fails while there are
            some to apply ends nothing: it leaves no `.checked`, so that it is made again.
    """
    target = place.target
    migrates = "no" if target.settings.migrate == "off" else "yes"
    words = [
        str(place.folder),
        inside.code("reach", "lasting", "check"),
        "again" if again else migrates,
        json.dumps(target.settings.shared),
        " ".join(target.settings.env),
    ]
    return telling(as_user(target.layout, CHECK, *words))


def collect_static(place: Placement) -> StringCommand:
    """Collect the static files, which makes the release whole."""
    wanted = str(place.target.settings.collectstatic)
    return as_user(place.target.layout, STATIC, str(place.folder), wanted, script("times"))


@cache
def _archive(source: Source) -> tuple[str, ...]:
    """A source's archive for standard input: one copy of it for all hosts, in short lines.

    pyinfra keeps the commands of every host until its end, and copies a line to send it.
    """
    archive = source.archive()
    starts = range(0, len(archive), LINE_BYTES)
    return tuple(_line(archive[start : start + LINE_BYTES]) for start in starts)


def _line(content: bytes) -> str:
    return b64encode(content).decode() + "\n"
