"""Runs of two projects at one server at the same moment: none undoes what the other does."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.acme import Authority
from tests.e2e.certificates import Issuer
from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.http import Secure, get
from tests.e2e.test_sites import SETTINGS, SHOP
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

NAME = "fooproject.se"
EVERYTHING = ("--data", "everything=True")


@pytest.fixture
def projects(lab: Lab, tmp_path: Path) -> Callable[[Host], tuple[Controller, Controller]]:
    """Who deploys one project to a host, and who deploys another, each from a folder of his own."""

    def make(host: Host) -> tuple[Controller, Controller]:
        folders = tmp_path / "first", tmp_path / "shop"
        for folder in folders:
            folder.mkdir()
        first, shop = (Controller(folder, lab, [host]) for folder in folders)
        shop.data |= SETTINGS
        return first, shop

    return make


def ended(*runs: "subprocess.Popen[str]") -> None:
    """Wait for runs, each of which succeeds."""
    for run in runs:
        said, _ = run.communicate(timeout=400)
        assert run.returncode == 0, said[-6000:]


def with_certificate(site: Controller, name: str) -> Secure:
    """Have a project serve HTTPS; how to ask it."""
    issuer = Issuer()
    own = issuer.issue(name)
    site.data |= {"tls": "files", "tls_certificate": own.certificate, "tls_key": own.key}
    return Secure(issuer.certificate, name)


@pytest.mark.long
@pytest.mark.parametrize("asks", ["both", "other"])
def test_the_visitors_of_both_are_let_in_whoever_brings_the_firewall(
    lab: Lab,
    deployed_web: Host,
    projects: Callable[[Host], tuple[Controller, Controller]],
    asks: str,
) -> None:
    host = lab.host(f"at-once-{asks}", layer=DEPLOYED)
    wait_for_site(host)
    first, shop = projects(host)
    secure = with_certificate(first, NAME)
    # Another release: its site is not served by HTTPS yet while the other one looks at it.
    first.data["env"] = {"SECRET_KEY": "another secret for tests alone"}
    first.data["firewall"] = asks == "both"
    shop.data["firewall"] = True
    ended(first.start(), shop.start())
    assert get(host, "/health", secure=secure).status == 200
    assert get(host, "/health", Host=SHOP).status == 200
    assert (first.plan(), shop.plan()) == ([], [])
    host.power_off()


SHARED = (
    "/etc/django-stack /etc/systemd/system/django-stack-firewall.service /var/lib/django-stack "
    "/etc/apt/apt.conf.d/60django-stack /etc/systemd/system/nginx.service.d "
    "/etc/systemd/system/supervisor.service.d"
)
"""Paths that all projects of a host share."""


@pytest.mark.long
def test_two_that_leave_at_once_leave_nothing_that_they_shared(
    lab: Lab, deployed_web: Host, projects: Callable[[Host], tuple[Controller, Controller]]
) -> None:
    host = lab.host("both-leaving", layer=DEPLOYED)
    wait_for_site(host)
    sites = projects(host)
    for site in sites:
        site.data |= {"firewall": True, "automatic_updates": True}
        site.apply()
    assert len(host.enter(f"ls -d {SHARED}").stdout.split()) == len(SHARED.split())
    ended(*[site.start("-y", *EVERYTHING, entry="remove.py") for site in sites])
    assert host.enter(f"ls -d {SHARED} 2> /dev/null", check=False).stdout == ""
    assert "django_stack" not in host.enter("nft list tables").stdout
    assert host.enter("dpkg --verify nginx-common supervisor | grep /etc || :").stdout == ""
    assert "Welcome to nginx" in get(host).text
    for site in sites:
        again = site.pyinfra("remove.py", "--dry", "--json", *EVERYTHING)
        assert again.planned == []
    host.power_off()


@pytest.mark.long
def test_two_sites_are_certified_at_once(
    lab: Lab, deployed_web: Host, projects: Callable[[Host], tuple[Controller, Controller]]
) -> None:
    host, authority = lab.host("certified", layer=DEPLOYED), Authority(lab.host("one-ca"))
    wait_for_site(host)
    authority.start()
    authority.answer_names({NAME: host.address, SHOP: host.address})
    authority.trusted_by(host)
    sites = projects(host)
    # The other one is live too, so that nothing else is to be done before the CA is asked.
    sites[1].apply()
    for site in sites:
        site.data |= {"tls": "acme", "tls_server": authority.directory_url}
    ended(*[site.start() for site in sites])
    for name in (NAME, SHOP):
        secure = Secure(authority.root_certificate, name)
        assert get(host, "/health", secure=secure).status == 200
    assert [site.plan() for site in sites] == [[], []]
    host.power_off()
