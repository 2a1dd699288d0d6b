"""The lab's network: a bridge, a namespace with a cable to it per host, and the way out."""

import ipaddress
import json
from pathlib import Path

from tests.lab.command import run
from tests.lab.errors import LabError

# Where `ip netns` keeps the namespaces.
NAMESPACES = Path("/run/netns")
FORWARDING = Path("/proc/sys/net/ipv4/ip_forward")


class Network:
    """All of it carries the lab's name, and so can be found again after a crash."""

    def __init__(self, lab: str, subnet: str) -> None:
        """`subnet` is the first three numbers of the addresses: "10.99.1"."""
        self.subnet = subnet
        self.bridge = f"lab-{lab}"
        self._cable = f"v-{lab}"
        self._table = f"lab_{lab}"

    def address(self, number: int) -> str:
        """The address of host `number` (2 to 254)."""
        return f"{self.subnet}.{number}"

    def namespace(self, host: str) -> Path:
        """The file of a host's network namespace."""
        return NAMESPACES / f"{self.bridge}-{host}"

    def up(self) -> None:
        """Make the bridge and the masquerade. Raises LabError when the subnet is in use."""
        self._refuse_overlap()
        # Without an address of its own the bridge takes the lowest of its ports', and changes
        # it as hosts come and go: the others then talk to an address that is nobody's.
        mac = "02:00:" + ":".join(f"{int(part):02x}" for part in self.subnet.split(".")) + ":01"
        run(["ip", "link", "add", self.bridge, "address", mac, "type", "bridge"])
        run(["ip", "address", "add", f"{self.subnet}.1/24", "dev", self.bridge])
        run(["ip", "link", "set", self.bridge, "up"])
        # Hosts reach the outside through this machine. It is the one setting that outlives the
        # lab: turning it off again could cut off what others run here.
        try:
            FORWARDING.write_text("1\n")
        except OSError as error:
            raise LabError(f"{FORWARDING}: {error.strerror}") from error
        run(
            ["nft", "-f", "-"],
            input=f"""table ip {self._table} {{
                chain postrouting {{
                    type nat hook postrouting priority srcnat;
                    ip saddr {self.subnet}.0/24 oifname != "{self.bridge}" masquerade
                }}
            }}""",
        )

    def _refuse_overlap(self) -> None:
        wanted = ipaddress.ip_network(f"{self.subnet}.0/24")
        for link in json.loads(run(["ip", "-json", "-4", "address"]).stdout):
            for address in link.get("addr_info", []):
                used = ipaddress.ip_network(
                    f"{address['local']}/{address['prefixlen']}", strict=False
                )
                if used.overlaps(wanted):
                    raise LabError(f"{wanted} is in use on {link['ifname']}: choose another subnet")

    def connect(self, host: str, number: int) -> None:
        """Make host's namespace and its cable, unless they are there. Raises LabError."""
        namespace = self.namespace(host).name
        cable = f"{self._cable}.{number}"
        if self.namespace(host).exists():
            run(["ip", "link", "set", cable, "up"])
            return
        run(["ip", "netns", "add", namespace])
        peer = ["peer", "name", "host0", "mtu", str(_way_out_mtu()), "netns", namespace]
        run(["ip", "link", "add", cable, "mtu", str(_way_out_mtu()), "type", "veth", *peer])
        run(["ip", "link", "set", cable, "master", self.bridge, "up"])
        for words in (
            "link set lo up",
            f"address add {self.address(number)}/24 dev host0",
            "link set host0 up",
            f"route add default via {self.subnet}.1",
        ):
            run(["ip", "-netns", namespace, *words.split()])

    def cut(self, number: int) -> None:
        """Have nothing reach host `number`, or come from it, until it is connected again."""
        run(["ip", "link", "set", f"{self._cable}.{number}", "down"])

    def down(self) -> None:
        """Remove all of it; what is gone already is fine."""
        links = json.loads(run(["ip", "-json", "link"]).stdout)
        for name in [link["ifname"] for link in links]:
            # Named one by one: with its namespace a cable goes too, but some time later.
            if name == self.bridge or name.startswith(f"{self._cable}."):
                run(["ip", "link", "delete", name], check=False)
        for path in NAMESPACES.glob(f"{self.bridge}-*"):
            run(["ip", "netns", "delete", path.name], check=False)
        run(["nft", "delete", "table", "ip", self._table], check=False)


def _way_out_mtu() -> int:
    """Packet size in bytes of the way out: hosts that send larger ones rely on ICMP to learn."""
    links = {
        link["ifname"]: int(link["mtu"]) for link in json.loads(run(["ip", "-json", "link"]).stdout)
    }
    routes = json.loads(run(["ip", "-json", "-4", "route", "show", "default"]).stdout)
    return min((links[route["dev"]] for route in routes if "dev" in route), default=1500)
