"""Which proxy a host is reached by, as OpenSSH reads it; and how sudo gets its password."""

import subprocess
from io import StringIO
from pathlib import Path

import pytest
from paramiko import SSHException
from pyinfra.connectors import util
from pyinfra.connectors.sshuserclient.config import SSHConfig

from stack.run.servers import ASKPASS, PROXIES, as_openssh
from stack.run.upstream import ssh


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


def test_sudo_gets_the_password_from_a_program_whose_file_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(util, "ASKPASS_COMMAND", util.ASKPASS_COMMAND)
    ssh.hand_over_sudos_password_by(ASKPASS)
    command = util.ASKPASS_COMMAND.format(tmp_path, "NAME")
    program = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    told = subprocess.run(
        [program.stdout.strip()], env={"NAME": "{1} $it's"}, capture_output=True, text=True
    )
    assert told.stdout == "{1} $it's\n"
    assert Path(program.stdout).parent == tmp_path
