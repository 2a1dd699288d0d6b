"""Where visitors come to, and what Nginx is asked for there."""

import hashlib
import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from stack.host.files import File
from stack.onhost.switch import own_lines, reached
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
    assert set(STATIC.findall(site(static_url=static_url))) == {static_url}


def site(**settings: str) -> str:
    """The site's file."""
    target = sample_target(**settings)
    files = [one for one in target.files.site if isinstance(one, File)]
    [text] = [one.content for one in files if one.path == target.files.site_file]
    return text


def a_host(folder: Path, **settings: str) -> Any:
    """One whose Nginx has the site."""
    file = folder / "site"
    file.write_text(site(**settings))
    return SimpleNamespace(user=sample_target().layout.user, site_file=file)


def test_what_lines_of_a_persons_own_may_answer_is_taken_for_meant(tmp_path: Path) -> None:
    with_lines, without = tmp_path / "with", tmp_path / "without"
    for folder in (with_lines, without):
        folder.mkdir()
    its = a_host(with_lines, nginx_server="deny all;")
    answers = (200, 301, 401, 403, 404, 500, 502, 503)
    assert [one for one in answers if not own_lines.may_answer(its, one)] == [200, 500, 502]
    its = a_host(without)
    assert [one for one in answers if own_lines.may_answer(its, one)] == [401]


@pytest.mark.parametrize(
    ("to", "is_itself"),
    [
        ("https://fooproject.se/static/site.css", True),
        ("http://FOOproject.se/static/site.css", True),
        ("https://fooproject.se/", False),
        ("https://shop.example/static/site.css", False),
        ("/login", False),
        ("https://[/static/site.css", False),
        ("", False),
    ],
)
def test_a_redirect_to_the_same_file_of_the_same_name_is_told_from_others(
    to: str, is_itself: bool
) -> None:
    assert reached._leads_to_itself("fooproject.se", "/static/site.css", to) == is_itself


@pytest.mark.parametrize(
    ("there", "asked_for"),
    [
        (["staticfiles.json", "fonts/a.woff", "css/site.css", "css/site.css.gz"], "css/site.css"),
        (["a.json", "a.js.map", "LOGO.PNG"], "LOGO.PNG"),
        (["staticfiles.json", "fonts/a.woff"], "fonts/a.woff"),
        (["staticfiles.json", ".hidden/a.css", "with space.css"], ""),
    ],
)
def test_what_nginx_is_asked_for_is_what_pages_have_browsers_ask_for(
    tmp_path: Path, there: list[str], asked_for: str
) -> None:
    for name in there:
        file = tmp_path / "static" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    done = subprocess.run(
        ["sh", "-euc", reached.FIND, "sh", tmp_path], capture_output=True, text=True, check=True
    )
    digest = hashlib.sha256(asked_for.encode()).hexdigest()
    assert done.stdout.strip() == (f"{digest}  ./{asked_for}" if asked_for else "")


def test_the_hosts_addresses_are_those_that_are_its_own_for_certain() -> None:
    assert GLOBAL.findall(IP) == ["127.0.0.1", "10.0.0.2", "2001:db8::2", "fe80::1"]


def test_what_the_user_says_of_a_file_is_a_digest_and_a_plain_name() -> None:
    assert FOUND.fullmatch(f"{'a' * 64}  ./css/site.css")
    for name in ("a b", "a\nb", "a?b", "a%2f", ""):
        assert not FOUND.fullmatch(f"{'a' * 64}  ./{name}")
