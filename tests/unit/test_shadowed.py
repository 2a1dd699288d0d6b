"""A listen that names an address hides a site that listens everywhere."""

from dataclasses import replace

import pytest

from stack.state.shadowed import shadowed
from tests.unit.hosts import converged, sample_target

TARGET = sample_target()
FILES = [*TARGET.files.nginx, TARGET.files.link, *TARGET.files.site]
SHOP = "/etc/nginx/sites-enabled/shop"


def told(listen: str, lines: str = "") -> dict[str, str]:
    text = f"server {{ {listen} server_name shop.example; }}"
    seen = converged(TARGET)
    seen = replace(seen, nginx_files={**seen.nginx_files, SHOP: text})
    return shadowed(seen, FILES, lines)


@pytest.mark.parametrize(
    ("listen", "address"),
    [
        ("listen 10.0.0.2:80;", "10.0.0.2:80"),
        ("listen 8080; listen 10.0.0.2;", "10.0.0.2:80"),
        ("listen [2001:db8::1]:80;", "[2001:db8::1]:80"),
    ],
)
def test_who_names_an_address_has_it_for_himself(listen: str, address: str) -> None:
    assert told(listen) == {address: SHOP}
    assert told(listen, f"listen {address};") == {}


@pytest.mark.parametrize(
    "listen",
    [
        "",
        "listen 80;",
        "listen [::]:80;",
        "listen 10.0.0.2:8080;",
        "listen 127.0.0.1:80;",
        "listen [::1]:80;",
        "listen unix:/run/x.sock;",
    ],
)
def test_who_listens_everywhere_or_elsewhere_hides_nobody(listen: str) -> None:
    assert told(listen) == {}
