"""An account that had the project's name before the first deployment is given back as it was."""

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

GIVE_BACK = "User | Have the account fooproject as it was"
EVERYTHING = ("--data", "everything=True")


def account(host: Host) -> str:
    return host.enter("getent passwd fooproject; id -Gn fooproject").stdout


@pytest.fixture(scope="module")
def host(lab: Lab) -> Iterator[Host]:
    host = lab.host("account")
    yield host
    host.power_off()


@pytest.mark.parametrize("home", ["/srv/people/foo", "/home/fooproject"])
def test_it_is_given_back_as_it_was(
    host: Host, controller: Callable[..., Controller], home: str
) -> None:
    host.reset()
    host.enter("groupadd staffers && mkdir -p /srv/people")
    made = f"useradd -u 70000 -g staffers -G audio -m -d {home} -s /usr/bin/zsh fooproject"
    host.enter(f"ln -sf /bin/bash /usr/bin/zsh && {made} && echo mine > {home}/thesis")
    host.enter(f"chown fooproject {home}/thesis && chmod 750 {home}")
    before = account(host)
    site = controller(host)
    site.apply()
    assert account(host) != before
    assert site.plan() == []

    dry = site.pyinfra("remove.py", "--dry").output
    told = " ".join(dry.split())
    assert (
        "fooproject was there before the first deployment, and stays; it gets back the home "
        f"{home}, the shell /usr/bin/zsh, the group staffers and the groups audio, fooproject"
    ) in told
    removed = site.pyinfra("remove.py", "-y", "--json").changed
    assert GIVE_BACK in removed
    # Its logs stay, and it may read them.
    assert account(host) == before.rstrip() + " fooproject\n"
    assert site.pyinfra("remove.py", "--dry", "--json").planned == []

    # Again, and what was written down then holds.
    site.apply()
    assert get(host, "/health").status == 200
    planned = site.pyinfra("remove.py", "--dry", "--json", *EVERYTHING).planned
    assert site.pyinfra("remove.py", "-y", "--json", *EVERYTHING).changed == planned
    assert account(host) == before
    assert host.enter(f"cat {home}/thesis; stat -c '%a %U %G' {home}").stdout == (
        "mine\n750 fooproject staffers\n"
    )
    left = host.enter("find /home /var/lib -maxdepth 2 -path '*fooproject*' ! -name '.*'").stdout
    its = [home, f"{home}/thesis"] if home.startswith("/home/") else []
    assert sorted(left.split()) == its
    assert host.enter("getent group fooproject", check=False).stdout == ""
    assert site.pyinfra("remove.py", "--dry", "--json", *EVERYTHING).planned == []
