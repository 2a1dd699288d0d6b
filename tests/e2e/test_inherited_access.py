"""A default ACL on /home, by which no umask counts: what is the project's stays its own."""

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.controller import Controller
from tests.e2e.drifts import USER
from tests.e2e.http import get
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.long]

HOME = "/home/fooproject"
SECRET = (
    f"{HOME}/shared/data/db.sqlite3",
    f"{HOME}/fooproject/src/manage.py",
    f"{HOME}/fooproject/with-env",
)


def readers(host: Host) -> list[str]:
    """Which of them which account can read that has nothing to do with the project."""
    return [
        f"{account}: {path}"
        for account in ("nobody", "reader")
        for path in SECRET
        if host.enter(f"runuser -u {account} -- cat {path}", check=False).returncode == 0
    ]


@pytest.fixture(scope="module")
def host(lab: Lab) -> Iterator[Host]:
    host = lab.host("inherited")
    host.enter("apt-get install -qy acl && useradd -m reader", timeout=180)
    host.snapshot("acl")
    yield host
    host.power_off()


def test_what_the_home_inherits_lets_nobody_read_it(
    host: Host, controller: Callable[..., Controller]
) -> None:
    host.enter("setfacl -m d:u:reader:rX /home")
    site = controller(host)
    planned = site.plan()
    assert site.apply().changed == planned
    assert get(host, "/health").status == 200
    host.enter(f"test -s {SECRET[0]} && test -s {SECRET[1]}")
    assert readers(host) == []
    assert site.plan() == []

    # As an earlier version has left it; with uploads that Nginx serves.
    site.data |= {"media_root": "media", "shared": ["data"]}
    site.apply()
    host.enter(f"echo seen > {HOME}/shared/media/one.txt", user="fooproject")
    host.enter(f"setfacl -R -m u:reader:rX,o::rX {HOME}/shared")
    host.enter(f"setfacl -m d:u:reader:rX {HOME}")
    assert readers(host) != []
    dry = site.pyinfra("deploy.py", "--dry").output
    assert f"Others can look into {HOME}/shared: it will be the user's alone" in dry
    planned = site.plan()
    assert USER in planned
    assert site.apply().changed == planned
    assert readers(host) == []
    assert get(host, "/media/one.txt").text == "seen\n"
    assert site.plan() == []
    assert "default" not in host.enter(f"getfacl -cp {HOME}").stdout


@pytest.mark.parametrize(("mode", "is_told"), [("755", True), ("700", False), ("710", False)])
def test_who_is_named_in_what_is_shared_does_not_come_in_with_nginx(
    host: Host, controller: Callable[..., Controller], mode: str, is_told: bool
) -> None:
    host.reset(to="acl")
    site = controller(host)
    site.apply()
    shared = f"{HOME}/shared"
    host.enter(f"setfacl -m u:reader:rx {shared} && chmod {mode} {shared}")
    site.data |= {"media_root": "media", "shared": ["data"]}
    planned = site.plan()
    assert (USER in planned) == is_told
    assert site.apply().changed == planned
    assert site.plan() == []
    assert host.enter(f"runuser -u reader -- ls {shared}", check=False).returncode != 0
    host.enter(f"echo seen > {shared}/media/one.txt", user="fooproject")
    assert get(host, "/media/one.txt").text == "seen\n"
