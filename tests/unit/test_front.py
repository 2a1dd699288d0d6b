"""The front of the group `lb`: what follows from the settings, and what Nginx is told."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from stack.host.files import Declared, File
from stack.host.observation import Observation
from stack.host.recorded import Project
from stack.inventory.naming import named
from stack.inventory.roles import LB, roles
from stack.project.nginx_files import NAMES_FILE, SITE
from stack.project.target import Target
from stack.settings import Settings, SettingsError, load, load_all
from stack.settings.front import front_of
from stack.settings.redirects import redirect_problems
from stack.state.fronts import falls_silent, is_still_sent
from stack.state.server_blocks import directives
from stack.state.services import nginx_is_loaded
from tests.e2e.certificates import Issuer
from tests.unit.hosts import converged, sample_target, with_unit

APART = {"lb1": ["lb"], "web1": ["app"], "web2": ["app"]}
ISSUER = Issuer()
DROP_IN = "/etc/systemd/system/nginx.service.d/fooproject.conf"


def all_settings(
    groups: Mapping[str, list[str]], data: Mapping[str, Mapping[str, object]] | None = None
) -> dict[str, Settings]:
    """The settings of hosts 10.0.0.1, 10.0.0.2 and so on, in the order of `groups`."""
    hosts = {
        host: {
            "source": "tests/project",
            "ssh_hostname": f"10.0.0.{number}",
            **(data or {}).get(host, {}),
        }
        for number, host in enumerate(groups, 1)
    }
    return load_all(hosts, groups)


def target(host: str, groups: Mapping[str, list[str]] = APART, **data: object) -> Target:
    settings = all_settings(groups, dict.fromkeys(groups, data))
    its = roles(groups)
    return Target(settings[host], its[host], front=front_of(settings, its))


def site(files: list[Declared]) -> str:
    [file] = [one for one in files if isinstance(one, File) and one.path == SITE]
    return file.content


def test_visitors_are_balanced_over_the_app_hosts() -> None:
    text = site(target("lb1", client_max_body_size="7M").files.balancer)
    first, *others = re.findall(r"^upstream \S+ \{\n(.*?)^\}", text, re.DOTALL | re.MULTILINE)
    servers = [
        line.split(maxsplit=1) for line in re.findall(r"^    server (.*);$", first, re.MULTILINE)
    ]
    assert servers == [
        ["10.0.0.2:80", "max_fails=3"],
        ["10.0.0.3:80", "max_fails=3"],
        ["10.0.0.2:80", "max_fails=0 backup"],
        ["10.0.0.3:80", "max_fails=0 backup"],
    ]
    assert [re.findall(r"server (.*):80 max_fails=0;", one) for one in others] == [
        ["10.0.0.2", "10.0.0.3"]
    ]
    assert "server_name fooproject.se;" in text
    assert "client_max_body_size 7M;" in text


def test_the_site_is_that_of_the_app_hosts_whatever_is_said_of_the_balancer() -> None:
    data = {"web1": {"server_name": "shop.example"}, "web2": {"server_name": "shop.example"}}
    settings = all_settings(APART, data)
    front = front_of(settings, roles(APART))
    text = site(Target(settings["lb1"], {LB}, front=front).files.balancer)
    assert "server_name shop.example;" in text


@pytest.mark.parametrize("ipv6", [True, False])
@pytest.mark.parametrize("tls", ["off", "acme"])
@pytest.mark.parametrize("host", ["lb1", "web1"])
def test_nginx_listens_at_ipv6_where_the_kernel_has_it(host: str, tls: str, ipv6: bool) -> None:
    groups = APART if host == "lb1" else {"web1": ["app"]}
    data = {"tls": tls, "tls_email": "me@fooproject.se", "redirect_names": ["www.fooproject.se"]}
    files = replace(target(host, groups, **data), ipv6=ipv6).files
    site_files = files.balancer if host == "lb1" else files.site
    for text in (site(site_files), site(files.nobodys(https=tls != "off"))):
        ports = set(re.findall(r"listen (80|443)", text))
        assert ports == ({"80"} if tls == "off" else {"80", "443"})
        assert set(re.findall(r"listen \[::\]:(80|443)", text)) == (ports if ipv6 else set())


def test_the_hosts_that_a_ca_may_ask_in_place_of_this_one_are_reached_by_ipv6_too() -> None:
    alone = target("web1", {"web1": ["app"]}, tls="acme")
    text = site(replace(alone, peers=("2001:db8::2", "192.0.2.3")).files.site)
    upstream = text.partition("upstream fooproject-acme {\n")[2].partition("}")[0]
    asked = [line.split()[1] for line in upstream.splitlines()]
    assert asked == ["[2001:db8::2]:80", "192.0.2.3:80"]
    geo = text.partition("_peer {\n")[2].partition("}")[0]
    assert "    2001:db8::2 1;\n    192.0.2.3 1;\n" in geo


@pytest.mark.parametrize(("timeout", "seconds"), [(5, 65), (60, 65), (300, 305)])
def test_an_app_host_answers_before_it_is_taken_for_dead(timeout: int, seconds: int) -> None:
    text = site(target("lb1", timeout_seconds=timeout).files.balancer)
    assert f"proxy_read_timeout {seconds}s;" in text


def test_what_an_app_host_may_answer_the_balancer_has_room_for() -> None:
    rooms = [
        int(re.findall(r"proxy_buffer_size ([0-9]+)k;", text)[0])
        for text in (site(target("web1").files.site), site(target("lb1").files.balancer))
    ]
    assert rooms == [32, 64]


@pytest.mark.parametrize(
    ("count", "text"), [(0, "nobody"), (2, "h1, h2"), (9, "9 app hosts"), (200, "200 app hosts")]
)
def test_the_name_of_an_operation_has_room_for_some_hosts(count: int, text: str) -> None:
    assert named([f"h{number}" for number in range(1, count + 1)], "app hosts") == text


def test_app_hosts_take_the_word_of_the_balancers_alone() -> None:
    groups = {**APART, "lb2": ["lb"]}
    text = site(target("web1", groups).files.site)
    trusted = [line.split()[1] for line in text.splitlines() if "set_real_ip_from" in line]
    assert trusted == ["10.0.0.1;", "10.0.0.4;"]
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in text


def test_without_a_front_the_site_is_the_articles() -> None:
    alone = target("web1", {"web1": ["app"]})
    assert alone.front is None
    assert alone.files.balancer == []
    text = site(alone.files.site)
    assert "real_ip" not in text
    assert "geo" not in text
    assert "X-Forwarded-Proto $scheme;" in text
    assert DROP_IN not in [file.path for file in alone.files.site]


def test_fronts_are_taken_at_their_word_by_whoever_meets_them_first() -> None:
    trusted = ["192.0.2.0/24"]
    alone = site(target("web1", {"web1": ["app"]}, trusted_proxies=trusted).files.site)
    balancer = site(target("lb1", trusted_proxies=trusted).files.balancer)
    app = site(target("web1", trusted_proxies=trusted).files.site)
    for text in (alone, balancer):
        assert "set_real_ip_from 192.0.2.0/24;" in text
        assert "    192.0.2.0/24 1;" in text
    assert "192.0.2.0" not in app


def test_a_long_name_has_room_in_nginxs_table() -> None:
    name = f"{'a' * 60}.{'b' * 40}.example.com"
    for host, files in (
        ("web1", target("web1", {"web1": ["app"]}, server_name=name).files.site),
        ("lb1", target("lb1", server_name=name).files.balancer),
    ):
        [room] = [one for one in files if isinstance(one, File) and one.path == NAMES_FILE]
        assert "\nserver_names_hash_bucket_size 512;" in room.content, host
        assert "_hash" not in site(files)


def test_nginx_is_to_be_loaded_until_systemd_knows_when_it_starts() -> None:
    alone = sample_target()
    fronted = replace(alone, front=target("web1").front)
    seen, files = converged(fronted), [*fronted.files.nginx, *fronted.files.site]
    assert not nginx_is_loaded(seen, files)
    known = with_unit(seen, "nginx", drop_ins=(DROP_IN,))
    assert nginx_is_loaded(known, files)
    assert not nginx_is_loaded(with_unit(known, "nginx", is_stale=True), files)


@pytest.mark.parametrize(
    ("groups", "data", "line"),
    [
        (
            {"lb1": ["lb"], "db1": ["db"]},
            {"db1": {"database_password": "x"}},
            "lb1: the group lb has nothing to balance over; expected hosts in the group app",
        ),
        (
            {"lb1": ["lb", "app"], "web1": ["app"]},
            {},
            "lb1: is in the groups app and lb, which both need port 80; expected one of them",
        ),
        (
            APART,
            {"web2": {"ssh_hostname": "web2.example"}},
            "web2: address: is missing; expected the IP address by which it and the other hosts "
            "reach each other",
        ),
        (
            APART,
            {"lb1": {"ssh_hostname": "lb1.example"}},
            "lb1: address: is missing",
        ),
        (
            APART,
            {"web2": {"address": "fd00::2"}},
            'web2: address = "fd00::2": the Nginx of an app host listens on IPv4 alone',
        ),
        (
            APART,
            {"lb1": {"address": "fd00::1"}},
            'lb1: address = "fd00::1": the Nginx of an app host listens on IPv4 alone, and sees '
            "a balancer's IPv4 address; expected an IPv4 address",
        ),
    ],
)
def test_what_cannot_be_is_told(
    groups: Mapping[str, list[str]], data: Mapping[str, Mapping[str, object]], line: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        all_settings(groups, data)
    assert any(str(problem).startswith(line) for problem in caught.value.problems)


def test_a_balancer_leaves_the_names_of_nobody_to_others_only_where_the_site_has_a_name() -> None:
    nobody: dict[str, object] = {"server_name": "_"}
    balancer: dict[str, object] = {"default_server": False}
    with pytest.raises(SettingsError) as caught:
        all_settings(APART, {"web1": nobody, "web2": nobody, "lb1": balancer})
    assert [str(problem) for problem in caught.value.problems] == [
        "lb1: default_server = False: leaves unknown names to others, but the app hosts' "
        'server_name = "_" stands for those alone; expected True, or a host name there'
    ]
    all_settings(APART, {"web1": nobody, "web2": nobody})
    all_settings(APART, {"lb1": {**nobody, **balancer}})


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (
            {"server_name": ["a.se", "www.a.se"], "redirect_names": ["WWW.a.se"]},
            'redirect_names = "WWW.a.se": is in server_name too; leave it out of one of them',
        ),
        (
            {"server_name": ["a.se", ".b.se"], "redirect_names": ["b.se"]},
            'redirect_names = "b.se": is in server_name too; leave it out of one of them',
        ),
        (
            {"server_name": "*.a.se", "redirect_names": ["b.se"]},
            'server_name = "*.a.se": redirect_names redirect to it; expected one name, such as '
            "example.com, as the first",
        ),
        (
            {"redirect_names": ["_"]},
            'redirect_names = "_": stands for any name; expected one name, such as www.example.com',
        ),
    ],
)
def test_names_that_would_lead_nowhere_are_refused(data: dict[str, object], line: str) -> None:
    found = redirect_problems({"web1": load({"source": ".", **data}, "web1")})
    assert [problem.text for problem in found] == [line]


@pytest.mark.parametrize("host", ["lb1", "alone"])
def test_every_answer_of_a_host_that_visitors_come_to_has_the_headers(host: str) -> None:
    data: dict[str, object] = {
        "redirect_names": ["www.fooproject.se"],
        "tls": "acme",
        "unavailable_page": "<p>Away</p>",
        "response_headers": {"Referrer-Policy": "same-origin", "X-A": "b; c"},
    }
    files = target(host, APART if host == "lb1" else {host: ["app"]}, **data).files
    its = [*(files.balancer if host == "lb1" else files.site), *files.maintenance]
    texts = [one.content for one in its if isinstance(one, File) and one.path.startswith("/etc/ng")]
    found = [block for text in texts for block in headers_of_blocks(text)]
    assert sum(name == "server" for name, _ in found) == 4
    for name, headers in found:
        assert [one for one in headers if one in ("Referrer-Policy", "X-A")] == [
            "Referrer-Policy",
            "X-A",
        ], name


def headers_of_blocks(text: str) -> Iterator[tuple[str, list[str]]]:
    """The names of the headers that each server adds, and each block in place of its server's."""
    blocks: list[tuple[str, list[str]]] = []
    for words, end in directives(text):
        if end == "{":
            blocks.append((" ".join(words), []))
        elif end == "}":
            name, headers = blocks.pop()
            if headers or name == "server":
                yield name, headers
        elif words[0] == "add_header":
            blocks[-1][1].append(words[1])


def test_the_balancer_leads_to_the_first_name_and_not_its_app_hosts() -> None:
    data: dict[str, object] = {"redirect_names": ["www.fooproject.se"], "tls": "acme"}
    leads = "return 301 $fooproject_scheme://fooproject.se$request_uri;"
    lb, web = target("lb1", APART, **data), target("web1", APART, **data)
    assert site(lb.files.balancer).count(leads) == 2
    assert lb.names == ("fooproject.se", "www.fooproject.se")
    assert "www." not in site(web.files.site)


@pytest.mark.parametrize("tls", ["acme", "files"])
def test_whom_a_front_has_sent_by_https_is_not_led_there_again(tls: str) -> None:
    its = ISSUER.issue("fooproject.se")
    files = {"tls_certificate": its.certificate, "tls_key": its.key} if tls == "files" else {}
    alone = {"web1": ["app"]}
    behind = target("web1", alone, tls=tls, trusted_proxies=["10.0.0.9"], **files)
    before = target("web1", alone, tls=tls, **files)
    scheme = "$fooproject_scheme"
    asked = f"if ({scheme} = https)" if tls == "acme" else f"if ({scheme} != https)"
    assert asked in site(behind.files.site)
    assert f"if ({scheme}" not in site(before.files.site)


BEHIND = target("web1", tls="acme")
ALONE = target("web1", {"web1": ["app"]}, tls="acme")


def serving(before: Target) -> Observation:
    """A host whose site is still as it was declared before."""
    path = SITE.replace("available", "enabled")
    texts = {path: site(before.files.site)}
    its = (Project("fooproject", ("fooproject.se",), SITE),)
    return Observation(projects=its, nginx_files=texts)


def test_the_ports_that_fall_silent_as_a_balancer_comes_are_told() -> None:
    told = falls_silent(serving(ALONE), BEHIND)
    assert told.startswith("answers visitors no more on port 443, and on port 80 the site by HTTP")
    assert "10.0.0.1 by now" in told
    walled = target("web1", tls="acme", firewall=True)
    assert "no more on ports 80 and 443: " in falls_silent(serving(ALONE), walled)
    plain = target("web1", {"web1": ["app"]})
    assert falls_silent(serving(plain), target("web1")) == ""
    assert falls_silent(serving(BEHIND), BEHIND) == ""
    assert falls_silent(serving(ALONE), ALONE) == ""
    assert falls_silent(replace(serving(ALONE), nginx_files={}), BEHIND) == ""


def test_a_balancer_that_is_none_any_more_and_may_go_on_is_told() -> None:
    told = is_still_sent(serving(BEHIND), ALONE)
    assert told.startswith("believes 10.0.0.1 no more")
    assert "have 10.0.0.1 in trusted_proxies" in told
    kept = target("web1", {"web1": ["app"]}, tls="acme", trusted_proxies=["10.0.0.0/24"])
    assert is_still_sent(serving(BEHIND), kept) == ""
    assert is_still_sent(serving(BEHIND), BEHIND) == ""
    assert is_still_sent(serving(ALONE), ALONE) == ""
    text = "set_real_ip_from unix:; set_real_ip_from 10.0.0.0/8; $fooproject_is_down"
    by_hand = replace(serving(BEHIND), nginx_files=dict.fromkeys(serving(BEHIND).nginx_files, text))
    assert is_still_sent(by_hand, ALONE) == ""
    two = target("web1", {"lb1": ["lb"], "lb2": ["lb"], "web1": ["app"]}, tls="acme")
    one = replace(two, front=replace(two.front, balancers=two.front.balancers[:1]))  # type: ignore[type-var,union-attr]
    assert "believes 10.0.0.2 no more" in is_still_sent(serving(two), one)
    assert "keep it in lb" in is_still_sent(serving(two), one)
