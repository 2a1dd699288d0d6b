"""Which hosts are refused before anything is changed, and in which words."""

import pytest

from stack.facts.parsing import parse
from stack.host.observation import Observation
from stack.plan import unfit


def host(*systems: str, uid: int = 0) -> Observation:
    """A host with such lines of ID and ID_LIKE in os-release."""
    return parse([f"uid\t{uid}", *(f"os\t{system}" for system in systems)])


@pytest.mark.parametrize(
    "systems",
    [["debian"], ["ubuntu", "debian"], ["linuxmint", "ubuntu debian"], ["raspbian", "debian"]],
)
def test_debian_and_its_family_are_taken(systems: list[str]) -> None:
    assert unfit(host(*systems)) == ""


@pytest.mark.parametrize(
    ("systems", "name"),
    [
        (["alpine"], "alpine"),
        (["fedora"], "fedora"),
        (["rocky", "rhel centos fedora"], "rocky"),
        (["debianish"], "debianish"),
        ([], "something unknown"),
    ],
)
@pytest.mark.parametrize("uid", [0, 1000])
def test_any_other_system_is_refused_in_one_line(systems: list[str], name: str, uid: int) -> None:
    assert unfit(host(*systems, uid=uid)) == (
        f"runs {name}; this deploys to Debian and Ubuntu. Nothing was changed."
    )


@pytest.mark.parametrize("uid", [1000, -1])
def test_a_user_who_is_not_root_is_told_of_sudo(uid: int) -> None:
    told = unfit(host("debian", uid=uid))
    assert "_sudo = True" in told
    assert "--sudo" in told
    assert told.endswith("Nothing was changed.")
    assert "\n" not in told
