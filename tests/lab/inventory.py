"""A pyinfra inventory of hosts of the lab."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from pprint import pformat

from tests.lab.host import Host


def inventory_text(
    groups: Mapping[str, Sequence[Host]], known_hosts: Path, user: str, data: dict[str, object]
) -> str:
    """The text of an inventory.py whose groups have the hosts under their names."""

    def entry(host: Host) -> tuple[str, dict[str, object]]:
        return (
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

    return "\n".join(
        f"{group} = {pformat([entry(host) for host in hosts], width=100, sort_dicts=False)}\n"
        for group, hosts in groups.items()
    )
