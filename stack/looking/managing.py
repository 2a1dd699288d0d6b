"""What a manage.py or wsgi.py says: which settings it names, and what it hands over to."""

import ast
import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from stack.looking.reading.parsing import parsed
from stack.source import Source

SETTINGS = "DJANGO_SETTINGS_MODULE"


def named_settings(text: str, variable: str = SETTINGS) -> str:
    """What a manage.py or wsgi.py sets a variable to for want of another, such as a module."""
    return next(_settings_in(text, variable), "")


def _settings_in(text: str, variable: str) -> Iterator[str]:
    for node in _nodes(text):
        words: list[ast.expr] = []
        if isinstance(node, ast.Call):
            words = node.args
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            words = [node.targets[0].slice, node.value]
        if len(words) != 2 or not isinstance(words[0], ast.Constant) or words[0].value != variable:
            continue
        texts = [one.value for one in ast.walk(words[1]) if isinstance(one, ast.Constant)]
        yield from (
            one
            for one in texts
            if isinstance(one, str) and re.fullmatch(r"[\w.]+", one) and one != variable
        )


def is_djangos(source: Source, path: str) -> bool:
    """Whether a file has to do with Django."""
    return b"django" in (source.read(path) or b"").lower()


def leads_to_djangos(source: Source, path: str) -> bool:
    """Whether a manage.py imports, or runs by its name, a module beside it that is Django's."""
    text = (source.read(path) or b"").decode(errors="replace")
    files = (normpath(join(dirname(path), one)) for one in led_to(text))
    return any(is_djangos(source, one) for one in files)


def led_to(text: str) -> Iterator[str]:
    """The files of modules, beside it, that a module imports, or may run by a name."""
    names: dict[str, None] = {}
    for node in _nodes(text):
        match node:
            case ast.Import(names=several):
                names |= dict.fromkeys(one.name for one in several)
            case ast.ImportFrom(module=str() as name, level=0):
                names[name] = None
            case ast.Constant(value=str() as name) if re.fullmatch(r"\w+(\.\w+)*", name):
                names[name] = None
    for name in names:
        place = name.replace(".", "/")
        yield from (f"{place}.py", f"{place}/__main__.py", f"{place}/__init__.py")


def _nodes(text: str) -> list[ast.AST]:
    try:
        return list(ast.walk(parsed(text)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
