"""Which class of settings is meant for servers, where django-configurations chooses one."""

import re
from collections.abc import Sequence

from stack.looking.choosing import DEVELOPMENT, PRODUCTION
from stack.looking.finding.found import Found
from stack.looking.managing import named_settings
from stack.looking.project import Project
from stack.looking.reading.configurations import is_configured
from stack.looking.reading.modules import Modules

CONFIGURATION = "DJANGO_CONFIGURATION"


def choose(project: Project, modules: Modules, module: str, found: Found) -> str:
    """Find the variable for it. The name of the class; empty where there are none."""
    own = modules.module(module)
    its = [name for name, one in own.names.own.items() if is_configured(one.content)] if own else []
    if not its:
        return ""
    files = [*project.files_of("wsgi")[:1], *project.files_of("asgi")[:1]]
    texts = [project.managing, *map(project.text, files)]
    named = [named_settings(text, CONFIGURATION) for text in texts]
    chosen = _for_servers(its) or next((one for one in named if one in its and _is_plain(one)), "")
    if not chosen:
        by = next(filter(None, named), "none")
        text = f'{by} is in force by itself: set "{CONFIGURATION}" in env to the one for servers'
        found.wrong.append(f"{module} has the classes {', '.join(its)}, and {text}")
        return next((one for one in named if one in its), its[0])
    if {*named} != {chosen}:
        found.env[CONFIGURATION] = chosen
    return chosen


def _for_servers(names: Sequence[str]) -> str:
    by_words = {name: _words(name) for name in names if _is_plain(name)}
    found = (name for word in PRODUCTION for name, words in by_words.items() if word in words)
    return next(found, "")


def _is_plain(name: str) -> bool:
    return not _words(name) & {*DEVELOPMENT, "pre", "base", "common", "build"}


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Z]+[a-z]*|[a-z]+", name)}
