"""Names of sites as Nginx compares them: each can be one site's only."""

from collections.abc import Iterable


def claimed(names: Iterable[str]) -> frozenset[str]:
    """What names of sites stand for, in lower case: `.x` is x itself, and `*.x`, all below it."""
    return frozenset(part for name in names for part in _parts(name.lower()))


def not_answered(names: Iterable[str], site: Iterable[str]) -> frozenset[str]:
    """What of some names a site does not answer for, be it by a pattern such as `*.x` or `x.*`."""
    its = claimed(site)
    return frozenset(one for one in claimed(names) - its if not any(_covers(p, one) for p in its))


def _parts(name: str) -> tuple[str, ...]:
    return (name[1:], f"*{name}") if name.startswith(".") else (name,)


def _covers(pattern: str, name: str) -> bool:
    # What an expression stands for cannot be told, and what ends in * has an end of any kind.
    if name.startswith("~") or name.endswith(".*"):
        return False
    if pattern.endswith(".*"):
        return name.startswith(pattern[:-1])
    return pattern.startswith("*.") and name.endswith(pattern[1:])
