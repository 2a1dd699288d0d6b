"""Hosts that cannot be reached, and settings that cannot be used: nothing is changed anywhere."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from subprocess import run as run_command

import pytest

from tests.e2e.controller import Controller
from tests.e2e.faults import assert_mended, assert_told, deploy, fingerprint, still_served
from tests.e2e.matrix import cases
from tests.lab import ADMIN_PASSWORD, Host, Lab

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Fault:
    """How the inventory is wrong, and what is told of it; {folder} is the controller's."""

    name: str
    line: str
    told: tuple[str, ...]
    user: str = "root"
    mended: str = ""


SUDO = f"app[0][1].update(_sudo=True, _sudo_password={ADMIN_PASSWORD!r})"
FAULTS = [
    Fault(
        "nobody at the address",
        'app.append(("nobody", {{**app[0][1], "ssh_hostname": "{nobody}"}}))',
        ("[nobody] Could not connect", "{nobody}"),
    ),
    Fault(
        "a key that the host does not know",
        'app[0][1]["ssh_key"] = "{folder}/key"',
        ("[web] Authentication error (username=root, key={folder}/key)",),
    ),
    Fault(
        "a key file that is not there",
        'app[0][1]["ssh_key"] = "{folder}/no-key"',
        ("No such private key file: {folder}/no-key",),
    ),
    Fault(
        "a host key that has changed",
        'app[0][1]["ssh_known_hosts_file"] = "{folder}/changed"',
        ("REMOTE HOST IDENTIFICATION HAS CHANGED", "Host key for {web} does not match"),
    ),
    Fault(
        "a host key that is not known",
        'app[0][1]["ssh_known_hosts_file"] = "/dev/null"',
        ("No host key for {web} found in known_hosts",),
    ),
    Fault(
        "a password for sudo that is wrong",
        'app[0][1].update(_sudo=True, _sudo_password="wrong")',
        ("sudo: 3 incorrect password attempts",),
        user="admin",
        mended=SUDO,
    ),
    Fault(
        "no password for sudo, and no terminal to ask at",
        "app[0][1].update(_sudo=True)",
        ("web: sudo asks for a password", "_sudo_password"),
        user="admin",
        mended=SUDO,
    ),
    Fault(
        "a user without sudo",
        "",
        ("web: is reached as a user who is not root", "_sudo = True"),
        user="deployer",
        mended="app[0][1].update(_sudo=True)",
    ),
    Fault(
        "failures that are to be passed over",
        'app[0][1]["_ignore_errors"] = True',
        ("_ignore_errors: what fails would be passed over", "Nothing was changed."),
    ),
]


@pytest.mark.parametrize("fault", cases(FAULTS, 3, lambda fault: fault.name))
def test_a_host_that_cannot_be_reached_changes_no_host(
    standing: Host, controller: Callable[..., Controller], fault: Fault
) -> None:
    web, site = standing, controller(standing)
    site.user = fault.user
    (site.project() / "changed.txt").write_text(fault.name)
    words = {
        "folder": str(site.folder),
        "nobody": web.address.rpartition(".")[0] + ".250",
        "web": web.address,
    }
    public = make_key(site.folder / "key")
    (site.folder / "changed").write_text(f"{web.address} {public}\n")
    before = fingerprint(web)
    with still_served(web):
        run = deploy(site, fault.line.format(**words))
    assert_told(run, *(text.format(**words) for text in fault.told))
    assert fingerprint(web) == before
    if fault.mended:
        run = deploy(site, fault.mended)
        assert run.returncode == 0, run.output
        site.user = "root"
        assert site.plan() == []
    else:
        assert_mended(site)


def make_key(path: Path) -> str:
    """Make a key of our own; return its public half."""
    run_command(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    return " ".join(path.with_suffix(".pub").read_text().split()[:2])


@pytest.fixture
def pair(lab: Lab, standing: Host, controller: Callable[..., Controller]) -> Controller:
    """The controller of two hosts, of which one has never been deployed to."""
    return controller(standing, lab.host("untouched"))


@pytest.mark.long
def test_settings_that_are_wrong_are_all_told_at_once(pair: Controller) -> None:
    web, second = pair.hosts
    pair.project().joinpath("changed.txt").write_text("two hosts")
    before = [fingerprint(host) for host in pair.hosts]
    with still_served(web):
        run = deploy(
            pair,
            "for _, data in app: data['workers'] = 0",
            "app[0][1]['server_nam'] = ['example.com']",
            "app[1][1]['source'] = '/nowhere'",
            "app[1][1]['client_max_body_size'] = 'much'",
        )
    assert_told(run)
    expected = [
        "4 problems in the settings, nothing was changed:",
        "  all hosts: workers = 0: expected a whole number of at least 1",
        "  web: server_nam: no such setting; did you mean server_name?",
        '  untouched: source = "/nowhere": does not exist; expected a git repository or a folder',
        '  untouched: client_max_body_size = "much": expected',
    ]
    told = run.output.rstrip().splitlines()[-len(expected) :]
    assert told[0].endswith(expected[0])
    for line in expected[1:]:
        assert sum(found.startswith(line) for found in told[1:]) == 1, run.output
    assert [fingerprint(host) for host in pair.hosts] == before
    assert second.enter("getent passwd fooproject", check=False).returncode != 0
    pair.apply()
    assert pair.plan() == []
    second.stop()
