"""Where visitors come to, and what Nginx is asked for there."""

import pytest

from stack.host.files import File
from stack.onhost.switch.reached import FOUND, GLOBAL, STATIC
from tests.unit.hosts import sample_target

IP = r"""
1: lo    inet 127.0.0.1/8 scope host lo\       valid_lft forever preferred_lft forever
2: eth0    inet 10.0.0.2/24 brd 10.0.0.255 scope global eth0\       valid_lft forever
2: eth0    inet6 2001:db8::2/64 scope global dynamic \       valid_lft 86000sec
2: eth0    inet6 2001:db8::3/64 scope global tentative \       valid_lft forever
2: eth0    inet6 fe80::1/64 scope link \       valid_lft forever preferred_lft forever
"""


@pytest.mark.parametrize("static_url", ["/static/", "/a/b.c/"])
def test_the_place_of_collected_files_is_found_in_the_sites_file(static_url: str) -> None:
    target = sample_target(static_url=static_url)
    files = [one for one in target.files.site if isinstance(one, File)]
    [text] = [one.content for one in files if one.path == target.files.site_file]
    assert set(STATIC.findall(text)) == {static_url}


def test_the_hosts_addresses_are_those_that_are_its_own_for_certain() -> None:
    assert GLOBAL.findall(IP) == ["127.0.0.1", "10.0.0.2", "2001:db8::2", "fe80::1"]


def test_what_the_user_says_of_a_file_is_a_digest_and_a_plain_name() -> None:
    assert FOUND.fullmatch(f"{'a' * 64}  ./css/site.css")
    for name in ("a b", "a\nb", "a?b", "a%2f", ""):
        assert not FOUND.fullmatch(f"{'a' * 64}  ./{name}")
