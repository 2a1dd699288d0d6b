"""An account that had the project's name before the first deployment is given back as it was."""

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.controller import Controller
from tests.e2e.cutting import CUTTERS, cut_run
from tests.e2e.http import get
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.long]

GIVE_BACK = "User | Have the account fooproject as it was"
EVERYTHING = ("--data", "everything=True")


def account(host: Host) -> str:
    return host.enter("getent passwd fooproject; id -Gn fooproject").stdout


@pytest.fixture(scope="module")
def host(lab: Lab) -> Iterator[Host]:
    host = lab.host("account")
    yield host
    host.power_off()


def made(host: Host, home: str, group: str) -> str:
    """A host with an account that has a file; how the account is."""
    host.reset()
    if home.startswith("/srv/home/"):
        host.enter("mv /home /srv/home && ln -s srv/home /home")
    host.enter("groupadd staffers && mkdir -p /srv/people && ln -sf /bin/bash /usr/bin/zsh")
    own = "-U" if group == "fooproject" else f"-g {group}"
    words = f"-u 70000 {own} -G audio -m -d {home} -s /usr/bin/zsh fooproject"
    host.enter(f"useradd {words} && echo mine > {home}/thesis")
    host.enter(f"chown fooproject {home}/thesis && chmod 750 {home}")
    return account(host)


@pytest.mark.parametrize(
    ("home", "group"),
    [
        ("/srv/people/foo", "staffers"),
        ("/home/fooproject", "staffers"),
        # As adduser makes it, with passwd edited by a person.
        ("/home/fooproject/", "fooproject"),
        ("/srv/home/fooproject", "staffers"),
    ],
)
def test_it_is_given_back_as_it_was(
    host: Host, controller: Callable[..., Controller], home: str, group: str
) -> None:
    before = made(host, home, group)
    site = controller(host)
    site.apply()
    assert account(host) != before
    assert site.plan() == []

    dry = site.pyinfra("remove.py", "--dry").output
    told = " ".join(dry.split())
    groups = "audio" if group == "fooproject" else "audio, fooproject"
    assert (
        "fooproject was there before the first deployment, and stays; it gets back the home "
        f"{home}, the shell /usr/bin/zsh, the group {group} and the groups {groups}"
    ) in told
    removed = site.pyinfra("remove.py", "-y", "--json").changed
    assert GIVE_BACK in removed
    # Its logs stay, and it may read them.
    reads = "" if group == "fooproject" else " fooproject"
    assert account(host) == f"{before.rstrip()}{reads}\n"
    assert host.enter("runuser -u fooproject -- ls /var/log/fooproject").stdout != ""
    assert site.pyinfra("remove.py", "--dry", "--json").planned == []

    # Again, and what was written down then holds.
    site.apply()
    assert get(host, "/health").status == 200
    planned = site.pyinfra("remove.py", "--dry", "--json", *EVERYTHING).planned
    assert site.pyinfra("remove.py", "-y", "--json", *EVERYTHING).changed == planned
    assert account(host) == before
    assert host.enter(f"cat {home}/thesis; stat -c '%a %U %G' {home}").stdout == (
        f"mine\n750 fooproject {group}\n"
    )
    left = host.enter("find /home/ /var/lib -maxdepth 2 -path '*fooproject*' ! -name '.*'").stdout
    its = ["/home/fooproject", "/home/fooproject/thesis"] if "/home/" in home else []
    assert sorted(left.split()) == its
    is_left = host.enter("getent group fooproject", check=False).stdout != ""
    assert is_left == (group == "fooproject")
    assert site.pyinfra("remove.py", "--dry", "--json", *EVERYTHING).planned == []


def test_it_is_still_there_after_a_run_that_was_cut_with_everything_else_gone(
    host: Host, controller: Callable[..., Controller]
) -> None:
    before = made(host, "/home/fooproject", "staffers")
    site = controller(host)
    site.apply()
    end = CUTTERS["pyinfra killed"]
    data = "Data | Remove logs and dumps"
    assert cut_run(site, end, data, None, "-y", *EVERYTHING, entry="remove.py")
    assert host.enter(
        "ls -d /usr/local/lib/fooproject /var/log/fooproject", check=False
    ).stdout == ("/usr/local/lib/fooproject\n")

    removed = site.pyinfra("remove.py", "-y", "--json", *EVERYTHING).changed
    assert "Files | Forget that fooproject was here" in removed
    assert not [operation for operation in removed if operation.startswith("User")]
    assert account(host) == before
    assert host.enter("cat /home/fooproject/thesis").stdout == "mine\n"
    assert host.enter("ls -d /var/lib/fooproject.account", check=False).stdout == ""
    assert site.pyinfra("remove.py", "--dry", "--json", *EVERYTHING).planned == []


def test_what_has_gone_since_then_is_told_and_not_given_back(
    host: Host, controller: Callable[..., Controller]
) -> None:
    made(host, "/home/fooproject", "staffers")
    host.enter("groupadd movers && usermod -aG movers fooproject")
    site = controller(host)
    site.apply()
    host.enter("groupdel movers && groupdel staffers && rm /usr/bin/zsh")

    run = site.pyinfra("remove.py", "--dry", "--json")
    told = " ".join(run.output.split())
    assert "It had /usr/bin/zsh, movers, staffers then, which this host has no more" in told
    assert site.pyinfra("remove.py", "-y", "--json").changed == run.planned
    assert account(host).split(":")[-1] == "/bin/bash\nusers audio fooproject\n"
    assert host.enter("stat -c '%a %G' /home/fooproject").stdout == "700 users\n"
    assert site.pyinfra("remove.py", "--dry", "--json").planned == []
    removed = site.pyinfra("remove.py", "-y", "--json", *EVERYTHING).changed
    assert GIVE_BACK in removed
    assert site.pyinfra("remove.py", "--dry", "--json", *EVERYTHING).planned == []
