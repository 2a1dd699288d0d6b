"""Which proxy a host is reached by, as OpenSSH reads it."""

from io import StringIO

import pytest
from paramiko import SSHException
from pyinfra.connectors.sshuserclient.config import SSHConfig

from stack.run.servers import PROXIES, _patiently, as_openssh


@pytest.mark.parametrize(
    ("text", "proxies"),
    [
        ("Host *\n ProxyJump none", {}),
        ("Host *\n ProxyCommand none", {}),
        ("Host *\n ProxyCommand NONE", {}),
        ("Host web\n ProxyJump none\nHost *\n ProxyJump gate", {}),
        ("Host web\n ProxyCommand none\nHost *\n ProxyJump gate", {}),
        ("Host web\n ProxyJump none\nHost *\n ProxyCommand nc gate 22", {}),
        ("Host web\n ProxyJump gate", {"proxyjump": "gate"}),
        ("Host gate\n ProxyJump none\nHost *\n ProxyJump me@gate:23", {"proxyjump": "me@gate:23"}),
        ("Host web\n ProxyJump gate\n ProxyCommand nc gate 22", {"proxyjump": "gate"}),
        ("Host *\n ProxyCommand nc gate 22", {"proxycommand": "nc gate 22"}),
    ],
)
def test_a_proxy_is_taken_where_openssh_takes_one(text: str, proxies: dict[str, str]) -> None:
    config = SSHConfig()
    config.parse(StringIO(f"{text}\n"))
    found = as_openssh(config.lookup, "web")
    assert {name: value for name, value in found.items() if name in PROXIES} == proxies
    assert found["hostname"] == "web"


@pytest.mark.parametrize(
    ("text", "gate"),
    [
        ("Host *\n ProxyJump gate", "gate"),
        ("Host *\n ProxyJump me@gate:2222", "gate"),
        ("Host *\n ProxyJump fd00::1", "fd00::1"),
        ("Host web\n ProxyJump one\nHost one\n ProxyJump two\nHost two\n ProxyJump one", "one"),
        ("Host web\n ProxyJump one,two\nHost two\n ProxyJump web", "web"),
    ],
)
def test_a_way_that_leads_back_is_told_in_a_line(text: str, gate: str) -> None:
    config = SSHConfig()
    config.parse(StringIO(f"{text}\n"))
    with pytest.raises(SSHException, match=f"^jumphost loop via {gate}: set ProxyJump none for"):
        as_openssh(config.lookup, "web")


def test_a_connection_that_ends_is_an_error_that_pyinfra_tells() -> None:
    def ends(_: str) -> None:
        raise EOFError

    with pytest.raises(SSHException, match="has ended the connection"):
        _patiently(ends, "true")
