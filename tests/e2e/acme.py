"""A certificate authority of the lab: Debian's pebble, a real ACME server, on a host of its own."""

import json
import ssl
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tests.e2e.certificates import Issuer
from tests.e2e.http import wait_for
from tests.lab import Host

FOLDER = "/srv/acme"
FRONT = Path(__file__).with_name("acme_front.py")
UNIT = """
[Service]
Environment=PEBBLE_VA_NOSLEEP=1 PEBBLE_WFE_NONCEREJECT=0 PEBBLE_AUTHZREUSE=0
ExecStart={command}
"""
DNS = (
    "/usr/bin/pebble-challtestsrv -dns01 127.0.0.1:8053 -management {address}:8055 "
    '-defaultIPv4 "" -defaultIPv6 "" -http01 "" -https01 "" -tlsalpn01 ""'
)
PEBBLE = f"/usr/bin/pebble -config {FOLDER}/pebble.json -dnsserver 127.0.0.1:8053"
PYTHON_FRONT = f"/usr/bin/python3 -u {FOLDER}/front.py {FOLDER} {{address}}"
UNITS = {"acme-dns": DNS, "acme-pebble": PEBBLE, "acme-front": PYTHON_FRONT}


class Authority:
    """Issues certificates for names that it is told of, once whoever asks has proven them his.

    Started anew it has forgotten every account, and issues from another root. It forgets nothing
    while it is away. Nothing is proven once for all: each order is validated anew.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self._issuer = Issuer("The authority of the ACME directory")
        self.directory_ca = self._issuer.certificate
        """The root, as PEM, of the directory's own certificate: that which issues is another."""
        self._trust = ssl.create_default_context(cadata=self.directory_ca)

    @property
    def directory_url(self) -> str:
        return f"https://{self.host.address}:14000/dir"

    def start(self, validity: timedelta = timedelta(days=90)) -> None:
        """Start it with an empty memory, but for the names; what it issues is valid that long."""
        host = self.host
        install = "DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet pebble"
        host.enter(f"test -x /usr/bin/pebble || {install}", timeout=300)
        host.enter("systemctl stop acme-front acme-pebble", check=False)
        own = self._issuer.issue(host.address, host.name, "localhost", "127.0.0.1")
        config = {
            "listenAddress": "127.0.0.1:14001",
            "managementListenAddress": f"{host.address}:15000",
            "certificate": f"{FOLDER}/certificate.pem",
            "privateKey": f"{FOLDER}/key.pem",
            "httpPort": 80,
            "tlsPort": 443,
            "certificateValidityPeriod": int(validity.total_seconds()),
        }
        for name, text in {
            "authority.pem": self.directory_ca,
            "certificate.pem": own.certificate,
            "key.pem": own.key,
            "pebble.json": json.dumps({"pebble": config}),
            "front.py": FRONT.read_text(),
            "refusal": "",
            "asked.log": "",
        }.items():
            host.write(f"{FOLDER}/{name}", text)
        for name, command in UNITS.items():
            unit = UNIT.format(command=command.format(address=host.address))
            host.write(f"/etc/systemd/system/{name}.service", unit)
        host.enter(f"systemctl daemon-reload && systemctl start {' '.join(UNITS)}")
        wait_for("the authority is up", lambda: self.root_certificate and self._directory())

    def _directory(self) -> bytes:
        return self._ask(self.directory_url)

    @property
    def root_certificate(self) -> str:
        """The root, as PEM, of what it issues now."""
        return self._ask(f"https://{self.host.address}:15000/roots/0").decode()

    # What it sees

    def answer_names(self, names: Mapping[str, str | Sequence[str]]) -> None:
        """Have it find names at these addresses, and no more at others; without any, nowhere.

        Of several it asks the first alone, three times over.
        """
        for name, given in names.items():
            addresses = [given] if isinstance(given, str) else list(given)
            for kind, separator in (("a", "."), ("aaaa", ":")):
                self._manage(f"clear-{kind}", {"host": f"{name}."})
                some = [address for address in addresses if separator in address]
                if some:
                    self._manage(f"add-{kind}", {"host": f"{name}.", "addresses": some})

    def _manage(self, what: str, value: object) -> None:
        url = f"http://{self.host.address}:8055/{what}"
        urllib.request.urlopen(url, json.dumps(value).encode(), timeout=20).close()

    # What goes wrong

    @contextmanager
    def away(self) -> Iterator[None]:
        """Nobody is at its address until the block ends; it forgets nothing."""
        self.host.enter("systemctl stop acme-front")
        try:
            yield
        finally:
            self.host.enter("systemctl start acme-front")
            wait_for("the authority is back", self._directory)

    @contextmanager
    def refusing(
        self,
        kind: str = "rateLimited",
        detail: str = "too many certificates (5) already issued for this exact set of identifiers",
        status: int = 429,
        retry_after: timedelta = timedelta(hours=1),
    ) -> Iterator[None]:
        """It refuses every order until the block ends, with an error of RFC 8555."""
        seconds = int(retry_after.total_seconds())
        self.host.write(f"{FOLDER}/refusal", f"{status} {seconds} {kind} {detail}")
        try:
            yield
        finally:
            self.host.write(f"{FOLDER}/refusal", "")

    def orders(self) -> list[str]:
        """The address of whoever asked for a certificate, one for each time."""
        return self.host.enter(f"cat {FOLDER}/asked.log").stdout.split()

    # Who trusts it

    def trusted_by(self, host: Host) -> None:
        """Have the host's programs trust the directory, as its owner would."""
        host.write("/usr/local/share/ca-certificates/acme-directory.crt", self.directory_ca)
        # It makes the list anew, without what a proxy's list had besides.
        host.enter(
            "cd /etc/ssl/certs && cp ca-certificates.crt /run/list && update-ca-certificates "
            "&& cat /run/list >>ca-certificates.crt && rm /run/list"
        )

    def _ask(self, url: str) -> bytes:
        # The address is of a host of the lab.
        opened = urllib.request.urlopen(url, context=self._trust, timeout=20)  # noqa: S310
        with opened as answer:
            return bytes(answer.read())
