"""Tests that are made on each system."""

import pytest

from tests.e2e.matrix import cases
from tests.lab import Host, Lab
from tests.lab.bases import NoArchiveError
from tests.lab.recipe import Base
from tests.lab.systems import SYSTEMS, System, default


def others() -> list[System]:
    """The systems that not every host has."""
    return [one for one in SYSTEMS if one != default()]


def every_system() -> list[object]:
    """All systems as parameters: each run tries that of all hosts, and one of the others."""
    return [default(), *cases(others(), 1)]


def host_of(lab: Lab, name: str, system: System, base: Base = "stocked") -> Host:
    """A host of a system. Skips the test where that system's archive is out of reach.

    Args:
        name: how its name begins, which ends with the system's.
    """
    try:
        return lab.host(f"{name}-{system.replace('.', '')}", system, base=base)
    except NoArchiveError as error:
        pytest.skip(f"{error}")
