"""Checks of what Nginx and Gunicorn are told about the network."""

import re
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address, ip_network

from stack.settings.check import Check, matching
from stack.settings.paths import absolute

# The kernel's limit for a socket's path, without the NUL at its end.
LONGEST_SOCKET_PATH = 107

_LABEL = re.compile(r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?")


def _host_name(name: str) -> bool:
    labels = name.split(".")
    if all(label.isdigit() for label in labels):
        return _is_ipv4(name)
    return len(name) <= 253 and all(_LABEL.fullmatch(label) for label in labels)


def _is_ipv4(text: str) -> bool:
    try:
        IPv4Address(text)
    except AddressValueError:
        return False
    return True


def _is_bracketed_ipv6(text: str) -> bool:
    if not (text.startswith("[") and text.endswith("]")) or "%" in text:
        return False
    try:
        IPv6Address(text[1:-1])
    except AddressValueError:
        return False
    return True


def canonical(address: str) -> str:
    """An IP address as Nginx, nftables and ss write it: texts of them are compared, here and there.

    Raises:
        ValueError: it is none.
    """
    parsed = ip_address(address)
    # Python before 3.13 writes these in hexadecimal.
    mapped = getattr(parsed, "ipv4_mapped", None)
    return f"::ffff:{mapped}" if mapped else str(parsed)


def _server_name(name: str) -> str:
    if name == "_":
        return name
    if _is_bracketed_ipv6(name):
        return f"[{canonical(name[1:-1])}]"
    if name.startswith("~"):
        raise ValueError("is a regular expression; expected a host name")
    if not name.isascii():
        raise ValueError("is not ASCII; expected the name in punycode (xn--…)")
    # One of these at most.
    plain = re.sub(r"\A(\*\.|\.)|\.\*\Z", "", name, count=1)
    if not plain or not _host_name(plain):
        raise ValueError
    return name


SERVER_NAME = Check("a host name, such as example.com or *.example.com", _server_name)


def _some(names: tuple[str, ...]) -> tuple[str, ...]:
    if not names:
        raise ValueError
    return names


SERVER_NAMES = Check("one host name or a list of them", _some)


NGINXS_PORTS = ("80", "443")


def _bind(bind: str) -> str:
    if bind.startswith("unix:"):
        path = absolute(bind.removeprefix("unix:"))
        if len(path) > LONGEST_SOCKET_PATH:
            raise ValueError(f"expected a socket's path of at most {LONGEST_SOCKET_PATH} bytes")
        return f"unix:{path}"
    address, _, port = bind.rpartition(":")
    if not (_is_ipv4(address) or _is_bracketed_ipv6(address)):
        raise ValueError
    if not re.fullmatch(r"[1-9][0-9]{0,4}", port) or int(port) > 65535:
        raise ValueError
    if port in NGINXS_PORTS:
        raise ValueError(f"port {port} is Nginx's; expected another one")
    host = canonical(address.strip("[]"))
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


BIND = Check('ADDRESS:PORT, such as 127.0.0.1:8000 or [::1]:8000, or "unix:/absolute/path"', _bind)


def is_address(text: str) -> bool:
    """Whether it is an IP address that others can be told."""
    if not (_is_ipv4(text) or _is_bracketed_ipv6(f"[{text}]")):
        return False
    return not ip_address(text).is_unspecified


def _address(address: str) -> str:
    if address and not is_address(address):
        raise ValueError
    return canonical(address) if address else ""


ADDRESS = Check("an IP address, such as 10.0.0.5", _address)
"""One, or none."""


IP_ADDRESS = Check("an IP address, such as 192.0.2.7", lambda text: _address(text or "-"))


def _network(network: str) -> str:
    # Nginx takes neither another form of mask nor a zone.
    if not re.fullmatch(r"[0-9A-Fa-f.:]+(/[0-9]{1,3})?", network):
        raise ValueError
    try:
        parsed = ip_network(network)
    except ValueError:
        raise ValueError from None
    if parsed.prefixlen == 0:
        raise ValueError("matches every address; list only your proxies")
    address, slash, _ = network.partition("/")
    return f"{canonical(address)}{slash}{parsed.prefixlen if slash else ''}"


NETWORK = Check("an IP address or a network, such as 10.0.0.5 or 10.0.0.0/24", _network)


def _email(address: str) -> str:
    if address and not re.fullmatch(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+", address):
        raise ValueError
    return address


EMAIL = Check("an e-mail address", _email)


def _directory(url: str) -> str:
    if url and not re.fullmatch(r"https://[A-Za-z0-9._:\[\]-]+(/[A-Za-z0-9._~/-]*)?", url):
        raise ValueError
    return url


DIRECTORY = Check("the https URL of an ACME directory", _directory)

# Nginx counts the bytes in 63 bits.
SIZE = matching(
    r"[0-9]{1,12}[kKmM]?|[0-9]{1,9}[gG]", 'text as Nginx reads sizes: "50M", "1g", "512k", "0"'
)


SWAP_SIZE = matching(r"|[1-9][0-9]{0,4}[MG]", 'a size such as "512M" or "2G"')


def _url_path(path: str) -> str:
    if not re.fullmatch(r"(/[A-Za-z0-9_~@+-][A-Za-z0-9._~@+-]*)+/", path):
        raise ValueError
    return path


URL_PATH = Check(
    "a path with / at both ends, below / and without a part that begins with a dot, "
    'such as "/static/"',
    _url_path,
)

HEALTH_PATH = matching(
    r"/[A-Za-z0-9._~!$&()*+,;=:@%/?-]*", "the path of a URL: / first, no spaces, no quotes"
)
