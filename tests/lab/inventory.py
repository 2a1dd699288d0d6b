"""A pyinfra inventory of hosts of the lab."""

from collections.abc import Sequence
from pathlib import Path
from pprint import pformat

from tests.lab.host import Host


def inventory_text(
    hosts: Sequence[Host], known_hosts: Path, user: str, data: dict[str, object]
) -> str:
    """The text of an inventory.py whose group `app` has the hosts under their names."""
    entries = [
        (
            host.name,
            {
                "ssh_hostname": host.address,
                "ssh_user": user,
                "ssh_key": str(host.key_file),
                "ssh_known_hosts_file": str(known_hosts),
                "ssh_strict_host_key_checking": "yes",
                **data,
            },
        )
        for host in hosts
    ]
    return f"app = {pformat(entries, width=100, sort_dicts=False)}\n"
