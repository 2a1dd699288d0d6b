"""How a person has in ~/shared what a site has in a folder of its own."""

import shlex
from collections.abc import Sequence
from pathlib import PurePosixPath as Path

from stack.state.live import process_of
from stack.state.placement import Placement

BESIDE = ("-wal", "-journal")
"""What SQLite keeps beside a database's file, and needs with it."""


def how_to_move(here: Placement, moves: Sequence[str]) -> str:
    """What to do, with the commands: a database cannot be moved while it is written to.

    Args:
        here: where the site is, and what runs.
        moves: the commands of `moved` and the like.
    """
    target, program = here.target, here.target.settings.program
    script = "; ".join(["set -e", "umask 077", *moves])
    command = f"runuser -u {target.layout.user} -- sh -c {shlex.quote(script)}"
    where = target.layout.shared
    if process_of(here, program) is None:
        return f"Move it to {where} while nothing writes to it, as root: {command}"
    return (
        f"Stop the site and move it to {where}, as root: supervisorctl stop {program}; {command}; "
        f"supervisorctl start {program}"
    )


def moved(own: Path, there: Path) -> str:
    """The commands that move a file or folder, where nothing has its new name, and link to it."""
    here, link, parent = _quoted(own, there, there.parent)
    besides = " ".join(_quoted(*(f"{own}{suffix}" for suffix in BESIDE)))
    return (
        f"mkdir -p {parent}; mv -nT {here} {link}; "
        f'for one in {besides}; do [ ! -e "$one" ] || mv -nt {parent} "$one"; done; '
        f"ln -sT {link} {here}"
    )


def copied(own: Path, there: Path) -> str:
    """Those that copy what it has into a folder that is there already, and link to that."""
    here, link, before = _quoted(own, there, f"{own}.before")
    return f"cp -anT {here} {link}; mv -T {here} {before}; ln -sT {link} {here}"


def linked(own: Path, there: Path) -> str:
    """Those that lead to where a link of its own leads."""
    here, link, parent = _quoted(own, there, there.parent)
    return f'mkdir -p {parent}; ln -sT "$(readlink -f {here})" {link}'


def _quoted(*paths: Path | str) -> list[str]:
    return [shlex.quote(str(path)) for path in paths]
