"""What was found out, as the files that a person puts beside the clone."""

import textwrap
from collections.abc import Iterator
from typing import Any

from stack.looking.finding.found import Code, Found
from stack.settings import Settings

WIDTH = 100
INVENTORY = """\
# inventory.py: your servers

app = [
    ("203.0.113.10", {"ssh_user": "root"}),
]
"""
"""As README has it: what nobody can know of a project."""


def printed(found: Found) -> tuple[str, str]:
    """The text of inventory.py, and that of group_data/all.py."""
    return INVENTORY, "".join(f"{line}\n" for line in _lines(found))


def _lines(found: Found) -> Iterator[str]:
    yield "# group_data/all.py: what they serve"
    yield ""
    if any(isinstance(value, Code) for value in found.env.values()):
        yield from ("from stack.secrets import from_environment", "")
    for name in Settings.model_fields:
        if name == "env":
            yield from _env(found)
        elif name in found.settings:
            yield from _comments(found.words.get(name, []))
            yield from f"{name} = {literal(found.settings[name], len(name) + 3)}".split("\n")
        else:
            yield from _comments([f"{name}: {word}" for word in found.words.get(name, [])])
    if found.wrong:
        yield from ("", "# What is not right for production:")
        for line in found.wrong:
            yield from _wrapped(line, "# - ", "#   ")


def _env(found: Found) -> Iterator[str]:
    yield from _comments(found.words.get("env", []))
    if not found.env:
        return
    yield "env = {"
    for name, value in found.env.items():
        yield from _comments(found.words.get(f"env.{name}", []), "    ")
        yield f"    {_line(name)}: {literal(value)},"
    yield "}"


def _comments(words: list[str], indent: str = "") -> Iterator[str]:
    for word in words:
        yield from _wrapped(word, f"{indent}# ", f"{indent}# ")


def _wrapped(text: str, first: str, others: str) -> list[str]:
    """A comment that stays one, whatever stands in the project."""
    plain = "".join(char if char.isprintable() else "?" for char in text)
    return textwrap.wrap(
        plain, WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False
    )


def literal(value: Any, before: int = 0) -> str:
    """A value as Python has it, over several lines if it is long; `before` stands before it.

    Whatever is in it, it evaluates to that, and a terminal obeys nothing in it.
    """
    match value:
        case str() if not isinstance(value, Code) and _has_lines(value):
            return f'"""\\\n{value}"""'
        case list() | dict():
            return _several(value, before, is_inner=False)
    return _line(value)


def _has_lines(text: str) -> bool:
    """Whether a text can stand there as its lines are."""
    lines = text.split("\n")
    taken = "\\" in text or '"""' in text or text.endswith('"')
    return len(lines) > 1 and text.isascii() and all(map(str.isprintable, lines)) and not taken


def _several(value: list[Any] | dict[Any, Any], before: int, *, is_inner: bool) -> str:
    if isinstance(value, list):
        return _spread("[", [_item(one, is_inner=is_inner) for one in value], "]", before)
    items = [f"{_line(key)}: {_item(one, is_inner=is_inner)}" for key, one in value.items()]
    return _spread("{", items, "}", before)


def _item(value: Any, *, is_inner: bool) -> str:
    """What is in another; its lines begin where those begin, and so a text in it has none."""
    if isinstance(value, list | dict):
        return _several(value, 0, is_inner=True).replace("\n", "\n    ")
    return _line(value) if is_inner else literal(value)


def _line(value: Any) -> str:
    if isinstance(value, Code):
        return str(value)
    is_plain = isinstance(value, str) and value.isprintable() and not set('"\\') & set(value)
    return f'"{value}"' if is_plain else repr(value)


def _spread(start: str, items: list[str], end: str, before: int) -> str:
    line = f"{start}{', '.join(items)}{end}"
    if before + len(line) <= WIDTH and "\n" not in line:
        return line
    return "\n".join([start, *(f"    {item}," for item in items), end])
