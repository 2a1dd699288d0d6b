"""The systems that hosts can have."""

import os
from typing import NewType

from stack.host import systems
from tests.lab.errors import LabError

System = NewType("System", str)
"""As os-release has them: ID and VERSION_ID."""
TITLES = {System(f"{one.id}-{one.version}"): one.title for one in systems.SYSTEMS}
SYSTEMS = tuple(TITLES)
CODENAMES = {
    "debian-12": "bookworm",
    "debian-13": "trixie",
    "ubuntu-24.04": "noble",
    "ubuntu-26.04": "resolute",
}


def default() -> System:
    """What a host has where nobody says: DJANGO_LAB_SYSTEM lets all tests run on another.

    Raises:
        LabError: that names none.
    """
    named = os.environ.get("DJANGO_LAB_SYSTEM", SYSTEMS[0])
    for system in SYSTEMS:
        if system == named:
            return system
    raise LabError(f"DJANGO_LAB_SYSTEM={named}: expected one of {', '.join(SYSTEMS)}")


def is_ubuntu(system: System) -> bool:
    """Whether it is one of Ubuntu's."""
    return system.startswith("ubuntu-")


def needs_unified_groups(system: System) -> bool:
    """Whether its systemd, from 258 on, boots with version 2 of the control groups alone."""
    return system == "ubuntu-26.04"


def title(system: System) -> str:
    """Its name for a person."""
    return TITLES[system]
