"""The environment: what has to be set, and what else the settings read."""

import re
from collections.abc import Mapping

from stack.looking.finding.configuring import is_for_it
from stack.looking.finding.deciding import decides_any
from stack.looking.finding.found import Found, from_environment
from stack.looking.finding.moving import of_debug
from stack.looking.finding.published import OF_FILE, OF_KEY, TRIED
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Names, Value
from stack.settings.environment import RESERVED
from stack.settings.problem import shown

MATTERS = re.compile(r"(DJANGO_)?(SECRET_KEY|DEBUG|ALLOWED_HOSTS|DATABASE_URL)")
"""Variables that are told even if they have a default."""
MUST = ("SECRET_KEY", "DEBUG", "ALLOWED_HOSTS")
CHANCE = re.compile(rb"get_random_secret_key|get_random_string|token_(?:hex|urlsafe)")
KEPT = re.compile(rb"\.write(_text)?\(")
URL = re.compile(r"(rediss?|amqps?|postgres\w*|mysql|memcached?)://[\w.@:-]")
"""Of what a project needs a server for."""
MOST_NAMES = 12


def find(
    modules: Modules, module: str, names: Names, fits: Mapping[str, str], found: Found
) -> None:
    """Find what `env` has to have, DJANGO_SETTINGS_MODULE and the database apart."""
    secret = names.get("SECRET_KEY")
    if secret is not None and secret.variables:
        # Beside the variable itself there may be one for a file that holds it.
        of_key = [one for one in sorted(secret.variables) if not one.endswith(OF_FILE)]
        of_key = [one for one in of_key if one not in fits and not is_for_it(modules, one)]
        of_key = [one for one in of_key if _is_key(modules, module, one)]
        for name in sorted(of_key, key=lambda one: "KEY" not in one)[:1]:
            found.env[name] = from_environment(name)
            if isinstance(secret.content, str):
                found.say(f"env.{name}", "its default is in the source, for all to read")
    for name, text in fits.items():
        found.env[name] = text
        read = modules.reads.get(name)
        default = read.default.content if read and read.default else None
        if isinstance(default, str | bool | int):
            found.say(f"env.{name}", f"by default {default!r}")
    off = _off(modules, module, names)
    for name, read in modules.reads.items():
        if not read.required or name in off:
            continue
        if not _is_ours(name) and not is_for_it(modules, name):
            found.env.setdefault(name, from_environment(name))


def _off(modules: Modules, module: str, names: Names) -> set[str]:
    """Variables that have DEBUG off without a value, where nothing else is refused for want of one.

    A key that is only needed while DEBUG is off asks for both of them, and is all that it needs.
    """
    debug = names.get("DEBUG")
    off = debug.variables if debug and debug.is_known and not debug.content else frozenset()
    if not off:
        return set()
    others = {name for name, read in modules.reads.items() if read.required and name not in off}
    tried = modules.again({**modules.environment, **dict.fromkeys(others, TRIED)})
    tried.module(module)
    return {name for name in off if not (read := tried.reads.get(name)) or not read.required}


def _is_key(modules: Modules, module: str, name: str) -> bool:
    """Whether a variable holds the key, and not the folder of a file with it, say."""
    if OF_KEY.search(name):
        return True
    other = modules.again({**modules.environment, name: TRIED}).module(module)
    key = other.names.get("SECRET_KEY") if other else None
    return key is not None and isinstance(key.content, str) and TRIED in key.content


def tell_of_places(modules: Modules, module: str, names: Names, found: Found) -> None:
    """Say which variables decide about hosts and databases, or are places, with their defaults."""
    said = " ".join(word for words in found.words.values() for word in words)
    hosts, databases = (names.get(one) or Value() for one in ("ALLOWED_HOSTS", "DATABASES"))
    decisive = {one for one in databases.variables if decides_any(modules, module, one, names)}
    decisive |= hosts.variables
    its = []
    for name, read in modules.reads.items():
        default = read.default.content if read.default and read.taken else None
        if not isinstance(default, str) or not default or name in of_debug(names) or _is_ours(name):
            continue
        if (name in decisive or URL.match(default)) and not (
            name in found.env or re.search(rf"\b{name}\b", said)
        ):
            its.append(name if "@" in default else f"{name} ({shown(default)})")
    if its:
        more = f" and {len(its) - MOST_NAMES} more" if len(its) > MOST_NAMES else ""
        what = "by default these name hosts or databases"
        found.say("env", f"{what}: {', '.join(its[:MOST_NAMES])}{more}")


def tell_the_rest(modules: Modules, found: Found) -> None:
    """Say which other variables the settings read, and have no value for by themselves."""
    said = " ".join(word for words in found.words.values() for word in words)
    others = [
        name
        for name, read in modules.reads.items()
        if (MATTERS.fullmatch(name) or read.default is None or read.default.content is None)
        and not (name in found.env or _is_ours(name) or name.endswith("_FILE"))
        and not re.search(rf"\b{name}\b", said)
    ]
    names = sorted(others, key=lambda name: MATTERS.fullmatch(name) is None)
    if names:
        more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
        shown = ", ".join(names[:MOST_NAMES])
        found.say("env", f"the settings also read these, and work without them: {shown}{more}")


def tell_the_unknown(names: Names, found: Found) -> None:
    """Say of what matters most that reading does not tell it, and so which variables decide.

    It may be read in a way that is not known here: nothing else would be said of it.
    """
    wrong = " ".join(found.wrong)
    places = [
        f"{name} ({value.path}:{value.line})"
        for name in MUST
        if (value := names.get(name)) is not None
        and not value.is_known
        and not value.variables & {*found.env}
        and name not in wrong
    ]
    if places:
        what = f"what {' and '.join(places)} will be cannot be told by reading"
        found.say("env", f"{what}: look there for variables that belong in here")


def _is_ours(name: str) -> bool:
    """Whether the deployment sets it, or the setting env cannot."""
    named = name.isidentifier() and name.isascii()
    return name in RESERVED or name.startswith("SUPERVISOR_") or not named


def tell_of_chance(project: Project, modules: Modules, names: Names, found: Found) -> None:
    """Say that SECRET_KEY may differ between processes, or between releases."""
    key = names.get("SECRET_KEY")
    if key is None or key.is_known or key.variables & {*found.env}:
        return
    for path in modules.paths:
        text = project.source.read(path) or b""
        makes = CHANCE.search(text)
        if makes is None or (path != key.path and makes[0] != b"get_random_secret_key"):
            continue
        what = f"{path}: SECRET_KEY may be made by {makes[0].decode()}"
        if KEPT.search(text):
            what += ", and kept in a file: each release would have a different one, and reject the "
            what += "sessions of those before, unless that file is shared: its folder belongs there"
        else:
            what += (
                ": each process would have a different one, and reject the sessions of the others"
            )
        found.wrong.append(what)
        return
