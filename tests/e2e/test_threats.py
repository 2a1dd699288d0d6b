"""Attacks on hosts of the lab, each a row of docs/threats.md, which a run of all of them writes."""

import pytest

from tests.lab import Host

pytestmark = pytest.mark.e2e


@pytest.mark.threat(
    "project's user",
    "read the deployment's scripts and change what they know of the project",
    "`/usr/local/lib/PROJECT` is root's, and nobody else may write there",
)
def test_the_scripts_of_root_are_not_the_users_to_write(standing: Host) -> None:
    told = standing.enter(
        "runuser -u fooproject -- sh -c 'cd /usr/local/lib/fooproject && "
        "for path in . switch switch/host.py switch.json database.py; do "
        "test -w $path && echo $path; done; :'"
    )
    assert told.stdout == ""
