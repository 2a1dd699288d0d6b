"""Packages that come from elsewhere than an index, as tables say that pip does not read."""

from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from posixpath import normpath
from typing import Any

from packaging.utils import canonicalize_name

from stack.requirements.errors import RequirementsError
from stack.requirements.lines import may_be_true, name_in
from stack.requirements.locating import exporting
from stack.requirements.toml import parsed

UV, POETRY = "[tool.uv.sources]", "[tool.poetry.dependencies]"
INSTEAD = {
    UV: 'run uv lock, commit that, and set requirements = "uv.lock"',
    POETRY: exporting("poetry.lock"),
}
PLACES = ("path", "git", "url", "file", "source")
"""Words of Poetry's that say where a package comes from."""
THE_INDEX = "pypi"
"""What Poetry calls the one that pip asks."""


def refuse_elsewhere(
    lines: Iterable[str], content: Mapping[str, Any], path: str, above: Mapping[str, bytes]
) -> None:
    """Refuse what pip would ask the index for by a name that may be anybody's there.

    Args:
        lines: what is to be installed.
        content: of the pyproject.toml.
        path: its own.
        above: each pyproject.toml above it, by the folder that it is in from there: the sources
            of a workspace hold for its members too.

    Raises:
        RequirementsError: with all such names.
    """
    places = {
        **dict.fromkeys(_of_workspaces(above), UV),
        **dict.fromkeys(_poetry(content), POETRY),
        **dict.fromkeys(_uv(content), UV),
    }
    names = [name for name in map(_name, lines) if name in places]
    if names:
        where = places[names[0]]
        its = ", ".join(dict.fromkeys(name for name in names if places[name] == where))
        raise RequirementsError(
            f"{path}: {its}: {where} says where from, which pip does not read: it would ask "
            f"the package index for that name; {INSTEAD[where]}"
        )


def _name(line: str) -> str | None:
    """That of what pip looks for in an index."""
    try:
        return None if " @ " in line.partition(";")[0] else name_in(line)
    except ValueError:
        return None  # told where lines are read


def _uv(content: Mapping[str, Any]) -> Iterator[str]:
    for name, said in _table(content, "tool", "uv", "sources").items():
        if any(_is_for_hosts(one, "marker") for one in _several(said)):
            yield canonicalize_name(name)


def _of_workspaces(above: Mapping[str, bytes]) -> Iterator[str]:
    for folder, text in above.items():
        content = _parsed(text)
        members = _table(content, "tool", "uv", "workspace").get("members")
        patterns = [one for one in members if isinstance(one, str)] if members else []
        if any(fnmatch(folder, normpath(pattern)) for pattern in patterns):
            yield from _uv(content)


def _poetry(content: Mapping[str, Any]) -> Iterator[str]:
    for name, said in _table(content, "tool", "poetry", "dependencies").items():
        if any(_is_elsewhere(one) and _is_for_hosts(one, "markers") for one in _several(said)):
            yield canonicalize_name(name)


def _several(said: Any) -> list[Any]:
    return said if isinstance(said, list) else [said]


def _is_elsewhere(entry: Any) -> bool:
    """Whether an entry of Poetry's says another place than the index that pip asks."""
    places = {*PLACES} & {*entry} if isinstance(entry, dict) else set()
    return bool(places) and (places != {"source"} or str(entry["source"]).lower() != THE_INDEX)


def _is_for_hosts(entry: Any, key: str) -> bool:
    """Whether an entry, whose marker is at a key, holds on some host."""
    marker = entry.get(key) if isinstance(entry, dict) else None
    return not isinstance(marker, str) or may_be_true(marker)


def _table(content: Mapping[str, Any], *names: str) -> Mapping[str, Any]:
    inner: Any = content
    for name in names:
        inner = inner.get(name) if isinstance(inner, dict) else None
    return inner if isinstance(inner, dict) else {}


def _parsed(text: bytes) -> Mapping[str, Any]:
    try:
        return parsed(text.decode("utf-8-sig", errors="replace"))
    except ValueError:
        return {}
