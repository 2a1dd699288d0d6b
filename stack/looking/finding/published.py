"""Secrets that are texts of the source, for all to read, in the environment that is printed."""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from stack.looking.finding import following
from stack.looking.finding.found import Code, Found, from_environment
from stack.looking.finding.moving import of_debug
from stack.looking.reading.modules import Modules
from stack.looking.reading.values import UNKNOWN, Names, Value

TRIED = "a-secret-that-is-tried"
KEY = "SECRET_KEY"
OF_KEY = re.compile(r"KEY|SECRET")
OF_FILE = ("_FILE", "_PATH")
"""Ends of variables for a file that holds it."""
FALLBACKS = "SECRET_KEY_FALLBACKS"
SECRET = re.compile(
    r"(.*_)?(PASSWORD|PASSWD|PASS|SECRET|TOKEN|API_?KEY|(SECRET|PRIVATE|SIGNING|ACCESS)_KEY)(_ID)?",
    re.IGNORECASE,
)
NO_SECRET = re.compile(r"\d+/\w.*|[\w-]+([./:][\w-]*)+|\s*")
"""Texts that are a rate, a dotted name, a path or nothing, whatever their names say."""
OF_URL = re.compile(r"\w://[^/\s:@]*:[^/\s@]+@")
"""A password in a URL."""
MOST = 8


def key(names: Names, modules: Modules, module: str, found: Found) -> list[str]:
    """Lines of a settings module for servers, for a key that may be one of the source's."""
    read = _as_printed(modules, module, found)
    of_module = read.names if read else names
    value = of_module.get(KEY)
    if value is None and names.get("INSTALLED_APPS") is None:
        return []  # what it imports from others may have it
    value = value or Value("")
    instead = of_module.perhaps.get(KEY)
    texts = [instead.content] if instead else []
    texts += [value.content] if value.is_known else _otherwise(value, modules)
    if value.is_known and not value.content:
        text = f"{_place(value)}SECRET_KEY is not set in the settings"
        if instead:
            text = f"{_place(instead)}whether SECRET_KEY is set cannot be told by reading"
        found.wrong.append(text)
    elif any(map(_is_written, texts)):
        what = "is" if value.is_known and _is_written(value.content) else "may be one that is"
        found.wrong.append(f"{_place(value)}SECRET_KEY {what} in the source")
    else:
        return _fallbacks(of_module, found)
    its = sorted(value.variables | (instead.variables if instead else frozenset()))
    set_or_named = [one for one in its if isinstance(found.env.get(one), Code)]
    set_or_named += [one for one in its if OF_KEY.search(one) and not one.endswith(OF_FILE)]
    variable = set_or_named[0] if set_or_named else KEY
    found.env[variable] = from_environment(variable)
    return [
        f"{KEY} = os.environ[{json.dumps(variable)}]",
        *_following(value, modules, found),
        *_fallbacks(of_module, found),
    ]


def tell(modules: Modules, module: str, found: Found) -> None:
    """Say which others are, SECRET_KEY and the default database's password apart."""
    read = _as_printed(modules, module, found)
    if read is None:
        return
    for name, one in modules.reads.items():
        default = one.default.content if one.default and one.taken else None
        if isinstance(default, str) and OF_URL.search(default) and name not in found.env:
            text = f"{one.path}: by default {name} has a password that is in the source"
            found.wrong.append(f"{text}: set it in env")
    ours = of_debug(read.names)
    for name, value in read.names.own.items():
        if not name.isupper() or name == KEY:
            continue
        its = sorted(set(_named(value.content, name)))
        if its:
            variables = sorted(value.variables - ours)[:MOST]
            way = f": set {' or '.join(variables)} in env" if variables else ""
            verb = "is" if len(its) == 1 else "are"
            found.wrong.append(f"{_place(value)}{', '.join(its[:MOST])} {verb} in the source{way}")


def _as_printed(modules: Modules, module: str, found: Found) -> Any:
    """The module in the environment that has been found, where each secret is a text of its own."""
    environment = {
        name: TRIED if isinstance(text, Code) else text for name, text in found.env.items()
    }
    return modules.again({**modules.environment, **environment}).module(module)


def _is_written(content: Any) -> bool:
    text = content.decode(errors="replace") if isinstance(content, bytes) else content
    return isinstance(text, str) and text != "" and TRIED not in text


def _otherwise(value: Value, modules: Modules) -> list[Any]:
    """Texts that stand for what reading does not tell, or are its default."""
    tree = modules.files.tree(value.path) if value.path else ast.Module([], [])
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name), *_], value=its) if (
                name == KEY and node.lineno == value.line
            ):
                return [one.value for one in _defaults(its) if isinstance(one, ast.Constant)]
    return []


def _defaults(node: ast.expr) -> Iterator[ast.expr]:
    """The expressions one of which another one is."""
    match node:
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*_defaults(body), *_defaults(orelse))
        case ast.BoolOp(op=ast.Or(), values=values):
            for one in values:
                yield from _defaults(one)
        case ast.Call(keywords=keywords):
            yield from (one.value for one in keywords if one.arg in ("default", "fallback"))
        case _:
            yield node


def _following(value: Value, modules: Modules, found: Found) -> list[str]:
    """What the source makes of the key, where a plain name is the same."""
    tree = modules.files.tree(value.path) if value.path else ast.Module([], [])
    if lines := [f"{value.path}:{line}" for line in following.others(tree, KEY)]:
        what = "is made of that SECRET_KEY: set it in files as well"
        found.wrong.append(f"what stands at {', '.join(lines[:MOST])} {what}")
    return [f"{name} = {its}" for name, its in following.assigned(tree, KEY)]


def _fallbacks(names: Names, found: Found) -> list[str]:
    """A line against keys of the source's that would be good for signatures as well."""
    value = names.get(FALLBACKS)
    several = value.content if value else None
    if not value or not isinstance(several, list | tuple) or not any(map(_is_written, several)):
        return []
    found.wrong.append(f"{_place(value)}{FALLBACKS} are in the source: they are left out")
    return [f"{FALLBACKS} = []"]


def _named(content: Any, name: str) -> Iterator[str]:
    """The names of secrets in a setting, itself or in its dicts, that are written there."""
    if isinstance(content, dict):
        for one, its in content.items():
            if isinstance(one, str) and its is not UNKNOWN:
                place = f'{name}["{one}"]'
                inner = _named(its, place) if isinstance(its, dict) else iter(())
                yield from inner
                if SECRET.fullmatch(one) and _is_secret(its):
                    yield place
    elif SECRET.fullmatch(name) and _is_secret(content):
        yield name


def _is_secret(content: Any) -> bool:
    return _is_written(content) and NO_SECRET.fullmatch(str(content)) is None


def _place(value: Value) -> str:
    return f"{value.path}:{value.line}: " if value.path else ""
