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
OF_HOSTING = tuple(
    """
    amazonaws.com app.github.dev appspot.com awsapprunner.com azurecontainerapps.io
    azurewebsites.net cleverapps.io cloudapp.azure.com cloudfront.net code.run csb.app
    devtunnels.ms elasticbeanstalk.com fly.dev fly.io github.dev gitpod.dev gitpod.io glitch.me
    herokuapp.com koyeb.app loca.lt ngrok-free.app ngrok-free.dev ngrok.app ngrok.dev ngrok.io
    now.sh ondigitalocean.app onrender.com platformsh.site pythonanywhere.com railway.app
    railway.internal repl.co replit.app replit.dev rhcloud.com run.app scalingo.io
    trycloudflare.com vercel.app web.app zeabur.app
    """.split()
)
"""Domains of those who run projects, or lead to a computer at home, under names of their own."""
OF_NO_SERVER = ("internal", "invalid", "local", "localdomain", "localhost", "test", "testserver")


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
    if given is not None:
        several = given if isinstance(given, list | tuple) and given else [given]
        its = [accepted("server_name", SERVER_NAME, one) for one in several]
        found.set("server_name", its if isinstance(given, list | tuple) else its[0])
        # Django has no name for those that Nginx alone knows.
        if plain := [one.removeprefix("*") for one in its if one != "_" and one[-2:] != ".*"]:
            return tuple(plain)
    hosts = names.sequence("ALLOWED_HOSTS")
    known = _known(hosts)
    name = known or f"{found.settings['project'].replace('_', '-').strip('-')}.example.com"
    if given is None:
        found.set("server_name", name)
    if given is None and not known:
        either = "" if "*" in hosts else "; your own has to be in ALLOWED_HOSTS as well"
        found.say("server_name", f"the name that visitors type{either}")
    return (name,)


def _known(hosts: Sequence[object]) -> str:
    """A name that Django answers to, where the settings have one of the project's own."""
    plain = [one.removeprefix(".").lower() for one in hosts if isinstance(one, str)]
    return next((one for one in plain if NAME.fullmatch(one) and not _is_of_others(one)), "")


def _is_of_others(name: str) -> bool:
    return any(f".{name}".endswith(f".{one}") for one in (*OF_HOSTING, *OF_NO_SERVER))


def plain_one(names: Sequence[str]) -> str:
    """One that a URL can have."""
    return next((one for one in names if one[0] != "."), names[0].removeprefix("."))
