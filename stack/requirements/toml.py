"""TOML, which may be anybody's: the one place where it is read."""

import tomllib
from typing import Any


def parsed(text: str) -> dict[str, Any]:
    """What it says. Raises ValueError, in a line, where it is not TOML, or is nested too deeply."""
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("its values are nested too deeply") from None
