"""Which proxy a host is reached by, as OpenSSH reads ~/.ssh/config."""

from io import StringIO

import pytest
from pyinfra.connectors.sshuserclient.config import SSHConfig

from stack.run.servers import PROXIES, without_none


@pytest.mark.parametrize(
    ("text", "proxies"),
    [
        ("Host *\n ProxyJump none", {}),
        ("Host *\n ProxyCommand none", {}),
        ("Host *\n ProxyCommand NONE", {}),
        ("Host web\n ProxyJump none\nHost *\n ProxyJump gate", {}),
        ("Host web\n ProxyCommand none\nHost *\n ProxyJump gate", {}),
        ("Host web\n ProxyJump none\nHost *\n ProxyCommand nc gate 22", {}),
        ("Host *\n ProxyJump gate", {"proxyjump": "gate"}),
        ("Host *\n ProxyJump gate\n ProxyCommand nc gate 22", {"proxyjump": "gate"}),
        ("Host *\n ProxyCommand nc gate 22", {"proxycommand": "nc gate 22"}),
    ],
)
def test_a_proxy_is_taken_where_openssh_takes_one(text: str, proxies: dict[str, str]) -> None:
    config = SSHConfig()
    config.parse(StringIO(f"{text}\n"))
    found = without_none(config.lookup("web"))
    assert {name: value for name, value in found.items() if name in PROXIES} == proxies
    assert found["hostname"] == "web"
