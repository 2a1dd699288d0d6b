"""A site that a person has made, in whose place a release is to be: what would be out of sight."""

import shlex
from collections.abc import Sequence

from pyinfra import host

from stack.facts.unshared import SECONDS, Unshared, UnsharedPaths
from stack.host.observation import Observation
from stack.project.target import Target
from stack.state.live import process_of
from stack.state.placement import Placement

ARTICLES_SRC = "src"
"""Where the article's set-up has manage.py, in ~/PROJECT."""


def is_there(seen: Observation, target: Target) -> bool:
    """Whether ~/PROJECT is a folder, and no link to a release."""
    entry = seen.entries.get(str(target.layout.live))
    return entry is not None and entry.kind == "directory"


def folders(target: Target) -> tuple[str, ...]:
    """Where manage.py may be in it, from the folder."""
    return tuple(dict.fromkeys((ARTICLES_SRC, target.settings.src)))


def in_the_way(here: Placement) -> str:
    """Why no release may take the place of one on the current host; an empty string when it may."""
    # Whose account is gone gets it back first.
    if not here.seen.user or not is_there(here.seen, here.target):
        return ""
    found: list[Unshared] | None = host.get_fact(
        UnsharedPaths,
        layout=here.target.layout,
        folders=folders(here.target),
        shared=here.target.settings.outliving,
    )
    return _refusal(here, found)


def _refusal(here: Placement, found: Sequence[Unshared] | None) -> str:
    target = here.target
    live, shared, user = target.layout.live, target.layout.shared, target.layout.user
    if found is None:
        return (
            f"{live} is no release, and what it holds that {shared} has not could not be read to "
            f"its end within {SECONDS} s. Is the host short of memory, or does something end "
            f"{user}'s processes? Run this again."
        )
    # Whoever tells of them may say anything.
    found = [
        one
        for one in found
        if one.folder in folders(target) and one.path in target.settings.outliving
    ]
    if not found:
        return ""
    named = ", ".join(str(live / one.folder / one.path) for one in found)
    script = "; ".join(["set -e", "umask 077", *(_moved(target, one) for one in found)])
    command = f"runuser -u {user} -- sh -c {shlex.quote(script)}"
    program = target.settings.program
    when = "while nothing writes to it"
    if process_of(here, program):
        when = "while the site stands still"
        command = f"supervisorctl stop {program}; {command}; supervisorctl start {program}"
    return (
        f"{live} is a folder that no deployment has made, and is to be put aside; {named} would "
        f"be out of sight with it, and is to be in {shared}. Have it there {when}, as root: "
        f"{command}."
    )


def _moved(target: Target, one: Unshared) -> str:
    """The commands that have it in what is shared, where the site goes on with it."""
    own, there = target.layout.live / one.folder / one.path, target.layout.shared / one.path
    here, link, parent = (shlex.quote(str(path)) for path in (own, there, there.parent))
    if one.how == "copy":
        return f"cp -anT {here} {link}; mv -T {here} {here}.before; ln -sT {link} {here}"
    if one.how == "link":
        return f'mkdir -p {parent}; ln -sT "$(readlink -f {here})" {link}'
    besides = " ".join(f"{here}{suffix}" for suffix in ("-wal", "-journal"))
    return (
        f"mkdir -p {parent}; mv -nT {here} {link}; "
        f'for one in {besides}; do [ ! -e "$one" ] || mv -nt {parent} "$one"; done; '
        f"ln -sT {link} {here}"
    )
