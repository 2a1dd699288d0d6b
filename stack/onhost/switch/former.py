"""What an understudy was called in 1.0.0 and before: a run of these that was cut has left it.

Another project may have a name that begins so, and units and a folder of its own: only what cannot
be another's is taken.
"""

import re
from pathlib import Path

PLACE = Path("/run")


def beginning(user: str) -> str:
    """How the names of its units began, and those of others may."""
    return f"{user}-understudy-"


def is_unit(user: str, name: str) -> bool:
    """Whether a unit of systemd's is one: by its number, the nanosecond in which it was made."""
    return bool(re.fullmatch(rf"{re.escape(beginning(user))}[0-9]{{19}}(-page)?\.service", name))


def sockets(user: str) -> Path:
    """The folder in which it listened, which was the user's."""
    return PLACE / f"{user}-understudy"
