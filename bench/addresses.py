"""A few hosts of the lab under many addresses, each of them a host to pyinfra."""

from collections.abc import Sequence
from pathlib import Path
from pprint import pformat

from tests.lab import Host, Lab

FIRST_NUMBER = 20
# As many logins at once as pyinfra likes: the hosts that it takes for many are few.
LET_IN = """
echo 'MaxStartups 1000' > /etc/ssh/sshd_config.d/scale.conf
systemctl reload ssh
"""


def addresses(lab: Lab, hosts: Sequence[Host], count: int) -> dict[str, Host]:
    """Give the hosts so many addresses more, in turn; returns whose each is."""
    whose = {
        f"{lab.subnet}.{FIRST_NUMBER + number}": hosts[number % len(hosts)]
        for number in range(count)
    }
    for host in hosts:
        its = [address for address, one in whose.items() if one is host]
        host.enter(LET_IN + "".join(f"ip address add {one}/24 dev host0\n" for one in its))
    return whose


def known_hosts(lab: Lab, whose: dict[str, Host]) -> str:
    """The text of a known_hosts file with the addresses, from that of the lab."""
    lines = []
    for line in lab.known_hosts.read_text().splitlines():
        names, _, key = line.partition(" ")
        lines += [
            f"{one} {key}\n" for one, host in whose.items() if host.address in names.split(",")
        ]
    return "".join(lines)


def inventory(
    whose: dict[str, Host], count: int, known_hosts: Path, data: dict[str, object]
) -> str:
    """The text of an inventory.py of the first of the addresses."""
    entries = [
        (
            address,
            {
                "ssh_user": "root",
                "ssh_key": str(host.key_file),
                "ssh_known_hosts_file": str(known_hosts),
                "ssh_strict_host_key_checking": "yes",
                **data,
            },
        )
        for address, host in list(whose.items())[:count]
    ]
    return f"app = {pformat(entries, sort_dicts=False)}\n"
