"""Which settings module is meant for servers."""

import re

from stack.looking.managing import named_settings
from stack.looking.project import Project
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import Value

PRODUCTION = ("production", "prod", "live", "deployment", "deploy", "server")
DEVELOPMENT = ("development", "develop", "dev", "local", "tests", "test", "testing", "ci", "debug")
PLAIN = ("base", "common", "defaults", "default", "main", "settings")
NO_REAL = ("example", "sample", "template", "dist")
PACKAGES = ("settings", "conf", "config", "configuration")


def words_of(name: str) -> set[str]:
    """The words of a name, such as settings_prod."""
    return set(re.split(r"[^a-z]+", name.lower()))


def is_for(name: str, words: tuple[str, ...]) -> bool:
    """Whether a name has one of some words, such as those in PRODUCTION."""
    return bool(words_of(name) & {*words})


def settings_module(project: Project, modules: Modules) -> tuple[str, bool]:
    """The module for servers, and whether both manage.py and wsgi.py name it by themselves."""
    by_manage = named_settings(project.managing)
    files = [*project.files_of("wsgi"), *project.files_of("asgi")]
    by_app = next(filter(None, map(named_settings, map(project.text, files))), "")
    chosen = _chosen(project, modules, by_manage, by_app)
    chosen = _without_debug(project, modules, [by_app, by_manage], chosen)
    return chosen, chosen == by_manage == by_app


def _chosen(project: Project, modules: Modules, by_manage: str, by_app: str) -> str:
    named = [name for name in (by_app, by_manage) if name]
    around = _around(project, named)
    for word in PRODUCTION:
        for name in around:
            last = words_of(name.rpartition(".")[2])
            if word in last and not last & {*DEVELOPMENT, *NO_REAL} and _is_one(modules, name):
                return name
    good = [name for name in named if not is_for(name.rpartition(".")[2], DEVELOPMENT)]
    if good:
        return next((name for name in good if project.has_module(name)), good[0])
    plain = [name for name in around if name.rpartition(".")[2] in PLAIN]
    plain += [name for name in around if not is_for(name.rpartition(".")[2], DEVELOPMENT)]
    return next((name for name in plain if _is_one(modules, name)), named[0] if named else "")


def _without_debug(project: Project, modules: Modules, named: list[str], chosen: str) -> str:
    """The only module beside one with DEBUG on that is made of it for servers, if one is.

    It has DEBUG off, and its key from the environment: others with DEBUG off only build something.
    """
    debug = _debug(modules, chosen)
    if debug is None or not debug.is_true or debug.variables:
        return chosen
    others = []
    for name in _around(project, [chosen, *filter(None, named)]):
        if name != chosen and not is_for(name.rpartition(".")[2], (*DEVELOPMENT, *NO_REAL)):
            own = modules.again({})
            its = _debug(own, name)
            off = its is not None and its.is_known and not its.content
            made = off and _is_one(own, name) and modules.files.path(chosen) in own.paths
            if made and _has_key_of_environment(own, name):
                others.append(name)
    return others[0] if len(others) == 1 else chosen


def _has_key_of_environment(modules: Modules, name: str) -> bool:
    module = modules.module(name)
    key = module.names.get("SECRET_KEY") if module else None
    return bool(key and key.variables)


def _debug(modules: Modules, name: str) -> Value | None:
    module = modules.module(name)
    return module.names.get("DEBUG") if module else None


def _is_one(modules: Modules, name: str) -> bool:
    module = modules.module(name)
    return module is not None and module.names.get("INSTALLED_APPS") is not None


def _around(project: Project, named: list[str]) -> list[str]:
    """The modules beside and below those that are named, or all that look like settings."""
    found = []
    for path in project.paths:
        name = project.module_of(path) if path.endswith(".py") else ""
        if not name:
            continue
        package, _, last = name.rpartition(".")
        in_package = package.rpartition(".")[2] in PACKAGES
        near = any(package in (one, one.rpartition(".")[0]) for one in named)
        if (near or not named) and (in_package or "settings" in last or package in named):
            found.append(name)
    return sorted(found, key=lambda name: (name.count("."), name))
