"""What a project is called on a server, and what visitors call it."""

import os
import re
from collections.abc import Sequence

from stack.looking.errors import LookingError
from stack.looking.finding.found import Found
from stack.looking.reading.values import Names
from stack.settings.check import Check
from stack.settings.names import USER
from stack.settings.network import SERVER_NAME
from stack.settings.problem import shown

NAME = re.compile(r"(?!localhost|\*)[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE)
"""Of a server, as ALLOWED_HOSTS may have it."""


def accepted(setting: str, check: Check, value: object) -> str:
    """A value that a person gave. Raises LookingError."""
    try:
        if isinstance(value, str):
            return str(check.accept(value))
        reason = ""
    except ValueError as error:
        reason = str(error)
    reason = reason or f"expected {check.expected}"
    raise LookingError(f"{setting} = {shown(value)}: {reason}")


def name_of(source: str) -> str:
    """The project's user, by the name of the folder or repository."""
    path = source.rstrip("/").removesuffix(".git")
    last = re.split(r"[/:]", path)[-1]
    if last.strip(".~") == "":
        last = os.path.basename(os.path.realpath(os.path.expanduser(source)))
    name = re.sub(r"[^a-z0-9_-]+", "-", last.lower()).strip("-")[:32]
    for one in (name, f"{name[:27]}-site", f"site-{name[:27]}"):
        try:
            return str(USER.accept(one))
        except ValueError:
            continue
    return "site"


def server_names(given: object, names: Names, found: Found) -> tuple[str, ...]:
    """Find the setting server_name, unless it is given; the names that Django has to answer to.

    Raises:
        LookingError: one that is given is none.
    """
    if given:
        several = given if isinstance(given, list | tuple) else [given]
        its = [accepted("server_name", SERVER_NAME, one) for one in several]
        found.set("server_name", its if isinstance(given, list | tuple) else its[0])
        if plain := [_as_django_has_it(one) for one in its if NAME.fullmatch(one.lstrip("*."))]:
            return tuple(plain)
    known = _known(names)
    name = known or f"{found.settings['project'].replace('_', '-').strip('-')}.example.com"
    if not given:
        found.set("server_name", name, "" if known else "the name that visitors type")
    return (name,)


def _as_django_has_it(name: str) -> str:
    return name.removeprefix("*")


def _known(names: Names) -> str:
    """A name that Django answers to, where the settings have one."""
    hosts = names.get("ALLOWED_HOSTS")
    texts = hosts.content if hosts and isinstance(hosts.content, list | tuple) else ()
    plain = [one.removeprefix(".") for one in texts if isinstance(one, str)]
    return next((one for one in plain if NAME.fullmatch(one)), "")


def plain_one(names: Sequence[str]) -> str:
    """One that a URL can have."""
    return next((one for one in names if one[0] != "."), names[0].removeprefix("."))
