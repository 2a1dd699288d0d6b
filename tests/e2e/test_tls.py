"""HTTPS against a real ACME server: certificates that come, are renewed, fail, and are replaced."""

import re
import socket
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from tests.e2e.acme import Authority
from tests.e2e.certificates import Issued, Issuer
from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.http import Secure, get, over_ipv6, post, wait_for
from tests.e2e.load import Visit, Visitors
from tests.e2e.workers import wait_for_site
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

NAME = "fooproject.se"
CERTIFIED = "certified"
"""The snapshot of a host whose site is served by HTTPS."""
LIVE = "/etc/letsencrypt/live/fooproject"


@pytest.fixture(scope="module")
def authority(lab: Lab) -> Authority:
    authority = Authority(lab.host("authority"))
    authority.start()
    return authority


@pytest.fixture(scope="module")
def certified(
    lab: Lab, deployed_web: Host, authority: Authority, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Host]:
    """A host whose site was served by HTTP, and is by HTTPS now; with what was seen meanwhile."""
    host = lab.host("secure", layer=DEPLOYED)
    wait_for_site(host)
    authority.answer_names({NAME: host.address})
    authority.trusted_by(host)
    site = Controller(tmp_path_factory.mktemp("certified"), lab, [host])
    with_https(site, authority)
    planned = site.plan()
    with Visitors(host) as tally:
        applied = site.apply()
    assert planned == applied.changed
    assert f"HTTPS | Have {NAME} certified" in planned
    # From some moment on they are led to HTTPS.
    assert [one for one in tally.failed if ": 301 " not in one] == []
    assert site.plan() == []
    host.snapshot(CERTIFIED)
    yield host
    host.power_off()


def with_https(site: Controller, authority: Authority) -> None:
    site.data |= {"tls": "acme", "tls_server": authority.directory_url}


@pytest.fixture
def secure(certified: Host, authority: Authority) -> Host:
    """The same host, as it was then."""
    certified.reset(to=CERTIFIED)
    wait_for(
        "the site is up", lambda: get(certified, "/health", secure=by(authority)).status == 200
    )
    return certified


@pytest.fixture
def site(secure: Host, authority: Authority, controller: Callable[..., Controller]) -> Controller:
    site = controller(secure)
    with_https(site, authority)
    return site


def by(authority: Authority, name: str = NAME) -> Secure:
    return Secure(authority.root_certificate, name)


def serial(host: Host) -> str:
    """Of the certificate that visitors are shown."""
    show = (
        f"openssl s_client -connect {host.address}:443 -servername {NAME} < /dev/null 2>/dev/null"
    )
    return host.enter(f"{show} | openssl x509 -noout -serial").stdout


def test_a_visitor_is_led_to_https(secure: Host, authority: Authority) -> None:
    led = get(secure, "/api/path/a%20b?c=d")
    assert (led.status, led.headers["location"]) == (301, f"https://{NAME}/api/path/a%20b?c=d")
    seen = get(secure, "/api/headers", secure=by(authority)).json
    assert (seen["is_secure"], seen["X-Forwarded-Proto"]) == (True, "https")
    page = get(secure, "/", secure=by(authority))
    assert page.status == 200


def test_whom_a_trusted_front_has_sent_by_https_is_not_led_back_to_it(
    secure: Host, site: Controller
) -> None:
    said: dict[str, Any] = {"X_Forwarded_Proto": "https"}
    assert get(secure, "/api/headers", **said).status == 301
    site.data["trusted_proxies"] = [f"{site.lab.subnet}.1"]
    site.apply()
    assert site.plan() == []
    assert get(secure, "/api/headers").status == 301
    seen = get(secure, "/api/headers", **said)
    assert (seen.status, seen.json["is_secure"]) == (200, True)
    assert get(secure, "/.well-known/acme-challenge/none", **said).status == 404


def test_old_protocols_are_not_spoken(secure: Host) -> None:
    for option, spoken in {"-tls1_1": False, "-tls1_2": True, "-tls1_3": True}.items():
        ask = f"openssl s_client -connect {secure.address}:443 {option} < /dev/null"
        assert (secure.enter(ask, check=False).returncode == 0) == spoken


@pytest.mark.threat(
    "visitor",
    "the path of the CA's challenge, for files beside it or that a link in it leads to",
    "Nginx resolves the path before it looks, serves one folder of root's, and follows no link",
)
def test_the_challenge_leads_to_nothing_else(secure: Host) -> None:
    folder = "/var/lib/fooproject-acme/.well-known/acme-challenge"
    secure.enter(
        f"mkdir -p {folder} && ln -s /etc/passwd {folder}/link && echo it > {folder}/there"
    )
    start = "/.well-known/acme-challenge"
    assert get(secure, f"{start}/there").text == "it\n"
    beyond = ("/link", "/../../../../etc/passwd", "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", "/", "/..;/")
    for path in beyond:
        answer = get(secure, start + path)
        assert answer.status in (301, 400, 403, 404), path
        assert "root:" not in answer.text


@pytest.mark.threat(
    "project's user",
    "the keys of certificates, which Nginx serves the site with",
    "they are root's alone, and Nginx's main process reads them before it becomes another",
)
def test_keys_are_roots_alone(secure: Host) -> None:
    find = "find /etc/ssl/fooproject /etc/letsencrypt -name '*key*.pem' -type f"
    keys = secure.enter(find).stdout.split()
    assert len(keys) >= 2
    for key in (*keys, f"{LIVE}/privkey.pem", "/etc/ssl/fooproject/current/privkey.pem"):
        for user in ("fooproject", "www-data", "nobody"):
            assert secure.enter(f"runuser -u {user} -- cat {key}", check=False).returncode != 0
    assert secure.enter("find /var/backups /var/log -name '*.pem'", check=False).stdout == ""


@pytest.mark.long
def test_a_release_loses_nothing_over_http2(
    secure: Host, site: Controller, authority: Authority
) -> None:
    (site.project() / "note.txt").write_text("another release")
    with Visitors(secure, secure=by(authority)) as tally:
        site.apply()
    assert tally.failed == []
    assert site.plan() == []


def test_a_renewal_loses_nothing(secure: Host, site: Controller, authority: Authority) -> None:
    before = serial(secure)
    with Visitors(secure, secure=by(authority)) as tally:
        secure.enter("certbot -q renew --force-renewal --no-random-sleep-on-renew", timeout=120)
        wait_for("the new one is served", lambda: serial(secure) != before)
    assert tally.failed == []
    assert site.plan() == []


def test_lines_that_keep_visitors_out_do_not_keep_out_the_ca(
    secure: Host, site: Controller
) -> None:
    secure.write("/etc/nginx/htpasswd", "")
    site.data["nginx_server"] = (
        'auth_basic "staging"; auth_basic_user_file /etc/nginx/htpasswd; deny all;'
    )
    site.apply()
    before = serial(secure)
    assert get(secure, "/health", Host=NAME).status == 301
    assert get(secure, "/.well-known/acme-challenge/none").status == 404
    secure.enter("certbot -q renew --force-renewal --no-random-sleep-on-renew", timeout=120)
    wait_for("the new one is served", lambda: serial(secure) != before)


def test_the_ca_alone_is_answered_by_a_closed_site(
    secure: Host, site: Controller, authority: Authority
) -> None:
    site.pyinfra("maintenance.py", "-y", "--data", "on=True")
    path = "/.well-known/acme-challenge/none"
    for answer in (get(secure, path), post(secure, path, b"x")):
        assert (answer.status, "<center>nginx" in answer.text) == (404, True)
    assert get(secure, path, secure=by(authority)).status == 503
    assert post(secure, path, b"x", secure=by(authority)).status == 503
    before = serial(secure)
    secure.enter("certbot -q renew --force-renewal --no-random-sleep-on-renew", timeout=120)
    wait_for("the new one is served", lambda: serial(secure) != before)


@pytest.mark.long
def test_by_ipv6_visitors_and_the_ca_come_as_by_ipv4(
    secure: Host, site: Controller, authority: Authority, lab: Lab
) -> None:
    site.data["firewall"] = True
    site.apply()
    secure.enter("systemd-run -q --unit=open-9000 python3 -m http.server --bind :: 9000")
    wait_for("it is open", lambda: "*:9000" in secure.enter("ss -Hltn").stdout)
    before, visited = serial(secure), over_ipv6(secure, lab)
    for number, host in enumerate((authority.host, secure), 1):
        host.enter(f"ip -6 address add fd57::{number}/64 dev host0 nodad")
    authority.answer_names({NAME: "fd57::2"})
    try:
        with Visitors(visited, secure=by(authority)) as tally:
            secure.enter("certbot -q renew --force-renewal --no-random-sleep-on-renew", timeout=120)
        assert tally.failed == []
        wait_for("the new one is served", lambda: serial(secure) != before)
        led = get(visited, "/a?b")
        assert (led.status, led.headers["location"]) == (301, f"https://{NAME}/a?b")
        seen = get(visited, "/api/headers", secure=by(authority)).json
        assert seen["X-Forwarded-For"].startswith("fe80::")
        with pytest.raises(OSError, match="timed out"):
            socket.create_connection((visited.address, 9000), timeout=2)
    finally:
        # The network is not reset with the host.
        secure.enter("nft delete table inet django_stack")
        for number, host in enumerate((authority.host, secure), 1):
            host.enter(f"ip -6 address del fd57::{number}/64 dev host0")
        authority.answer_names({NAME: secure.address})


@pytest.mark.long
def test_a_project_that_leaves_takes_its_certificate_and_all_that_renews_it(
    secure: Host, site: Controller
) -> None:
    remove = ("remove.py", "--json")
    planned = site.pyinfra(*remove, "--dry").planned
    assert f"HTTPS | Forget the certificate of {NAME}" in planned
    assert site.pyinfra(*remove, "-y").changed == planned
    its = "find /etc/letsencrypt /etc/ssl /var/lib -path '*fooproject*' -o -name '*.pem' -type f"
    left = secure.enter(f"{its} | grep -v '^/etc/ssl/certs/'", check=False).stdout
    assert left == ""
    assert secure.enter("find /etc/letsencrypt/accounts -type f").stdout == ""
    # Its timer stays, and has nothing to do.
    secure.enter("systemctl start certbot.service", timeout=120)
    failed = secure.enter("systemctl is-failed certbot.service certbot.timer", check=False).stdout
    assert failed == "inactive\nactive\n"


@pytest.mark.parametrize("tls", ["off", "files"])
@pytest.mark.long
def test_a_certificate_that_is_no_longer_declared_goes_with_all_that_renews_it(
    secure: Host, site: Controller, authority: Authority, tls: str
) -> None:
    issuer = Issuer()
    own = issuer.issue(NAME)
    its = {"tls_certificate": own.certificate, "tls_key": own.key} if tls == "files" else {}
    site.data |= {"tls": tls, "tls_server": "", **its}
    # A mail server's, say.
    secure.write("/etc/mail.conf", "cert = /etc/letsencrypt/live/fooproject/fullchain.pem\n")
    assert f"HTTPS | Forget the certificate of {NAME}" not in site.plan()
    secure.enter("rm /etc/mail.conf")
    planned = site.plan()
    assert planned[-1] == f"HTTPS | Forget the certificate of {NAME}"
    assert site.apply().changed == planned
    assert site.plan() == []
    its_paths = "find /etc/letsencrypt /etc/ssl/fooproject /var/lib /etc/nginx -path '*fooproject*'"
    left = secure.enter(f"{its_paths} | grep -v -e /var/lib/fooproject-pages").stdout.split()
    files = ["", "/files", "/files/fullchain.pem", "/files/privkey.pem", "/current"]
    assert set(left) == {
        *(f"/etc/ssl/fooproject{name}" for name in ("", "/issued", *(files if its else ())))
    }
    assert secure.enter("find /etc/letsencrypt/accounts -type f").stdout == ""
    # Its timer stays, and has nothing to do.
    secure.enter("systemctl start certbot.service", timeout=120)
    secure.enter("systemctl reload nginx")
    if its:
        assert get(secure, "/health", secure=Secure(issuer.certificate, NAME)).status == 200
    else:
        assert get(secure, "/health").status == 200
    for name in its:
        del site.data[name]
    with_https(site, authority)
    site.apply()
    assert site.plan() == []
    assert get(secure, "/health", secure=by(authority)).status == 200


def test_a_reload_that_was_lost_is_made_up_for(secure: Host, site: Controller) -> None:
    before = serial(secure)
    secure.enter("chmod -x /etc/letsencrypt/renewal-hooks/deploy/fooproject")
    secure.enter("certbot -q renew --force-renewal --no-random-sleep-on-renew", timeout=120)
    assert serial(secure) == before
    planned = site.plan()
    assert planned == [
        f"HTTPS | Be ready to certify {NAME}",
        "Nginx | Run Nginx with its configuration",
    ]
    assert site.apply().changed == planned
    assert serial(secure) != before


@pytest.mark.parametrize(
    ("harm", "what", "told"),
    [
        ("systemctl disable --now certbot.timer", f"{NAME} certified", ""),
        ("rm -r /etc/letsencrypt/accounts", f"{NAME} certified", "its account with the CA is gone"),
        (f"rm -r {LIVE}", "a certificate to begin with", ""),
        (
            "sed -i '/renew_before_expiry/d' /etc/letsencrypt/renewal/fooproject.conf",
            f"{NAME} certified",
            "",
        ),
        (
            f"cd {LIVE} && cp privkey.pem /root/key && mv /root/key privkey.pem",
            f"{NAME} certified",
            "put there by hand",
        ),
    ],
    ids=["timer", "account", "certificate", "due", "by hand"],
)
@pytest.mark.long
def test_what_keeps_it_from_being_renewed_is_mended(
    secure: Host, site: Controller, authority: Authority, harm: str, what: str, told: str
) -> None:
    secure.enter(harm)
    planned = site.pyinfra("deploy.py", "--dry", "--json")
    assert planned.planned[-1] == f"HTTPS | Have {what}"
    assert told in planned.output
    site.apply()
    assert site.plan() == []
    assert get(secure, "/health", secure=by(authority)).status == 200
    secure.enter("certbot -q renew --force-renewal --no-random-sleep-on-renew", timeout=120)


def test_a_name_is_added_and_one_that_fails_is_named(
    secure: Host, site: Controller, authority: Authority
) -> None:
    authority.answer_names({"www.fooproject.se": secure.address})
    site.data["redirect_names"] = ["www.fooproject.se"]
    site.apply()
    assert site.plan() == []
    led = get(secure, "/a?b", secure=by(authority, "www.fooproject.se"))
    assert (led.status, led.headers["location"]) == (301, f"https://{NAME}/a?b")
    site.data["server_name"] = [NAME, "lost.fooproject.se"]
    with Visitors(secure, secure=by(authority)) as tally:
        failed = site.apply(check=False)
    assert failed.returncode == 1
    assert re.search(r"Domain: lost\.fooproject\.se", failed.output)
    assert "Visitors are still shown the certificate of before, which ends on" in failed.output
    assert tally.failed == []


def test_a_ca_that_is_away_or_refuses_changes_nothing(
    secure: Host, site: Controller, authority: Authority
) -> None:
    secure.enter(f"rm -r {LIVE}")  # Nginx has it in memory
    with authority.away():
        failed = site.apply(check=False)
    assert (failed.returncode, "Connection refused" in failed.output) == (1, True)
    before = len(authority.orders())
    with authority.refusing(detail="too many certificates already issued"):
        failed = site.apply(check=False)
    assert (failed.returncode, "too many certificates" in failed.output) == (1, True)
    assert len(authority.orders()) == before + 1
    assert get(secure, "/health", secure=by(authority)).status == 200
    site.apply()
    assert site.plan() == []


def test_the_ca_is_not_asked_for_ever(secure: Host, site: Controller) -> None:
    line = secure.enter("tail -n 1 /etc/ssl/fooproject/issued").stdout
    secure.write("/etc/ssl/fooproject/issued", line * 4)
    secure.enter(f"rm -r {LIVE}")
    refused = site.apply(check=False)
    assert (refused.returncode, "--data certify=True" in refused.output) == (1, True)
    site.apply("--data", "certify=True")
    assert site.plan() == []


def test_short_certificates_are_renewed_in_time(
    secure: Host, site: Controller, authority: Authority
) -> None:
    authority.start(validity=timedelta(days=6))
    secure.enter(f"rm -r {LIVE} /etc/letsencrypt/accounts")
    site.apply()
    assert site.plan() == []
    before = serial(secure)
    secure.enter("certbot -q renew --no-random-sleep-on-renew", timeout=120)
    assert serial(secure) == before  # not due yet
    told = site.pyinfra("status.py").output + site.pyinfra("status.py").stdout
    assert f"https    {NAME}: ends on" in told


@pytest.mark.threat(
    "another account",
    "the key of a certificate of one's own in a plan's output, or in its file",
    "it is a secret, as values of env are, and its file is root's alone",
)
def test_a_certificate_of_ones_own(web: Host, controller: Callable[..., Controller]) -> None:
    issuer = Issuer()
    own = issuer.issue(NAME)
    site = controller(web)
    site.data |= {"tls": "files", "tls_certificate": own.certificate, "tls_key": own.key}
    with Visitors(web) as tally:
        dry = site.pyinfra("deploy.py", "--dry", "--diff", "-vvv")
        site.apply()
    assert [one for one in tally.failed if ": 301 " not in one] == []
    body = own.key.splitlines()[1]
    assert body not in dry.output + dry.stdout
    assert get(web, "/health", secure=Secure(issuer.certificate, NAME)).status == 200
    assert get(web, "/").status == 301
    assert site.plan() == []
    mode = web.enter("stat -c '%a %U' /etc/ssl/fooproject/files/privkey.pem").stdout
    assert mode == "600 root\n"
    other = issuer.issue(NAME)
    site.data |= {"tls_certificate": other.certificate, "tls_key": other.key}
    before = serial(web)
    planned = site.plan()
    assert site.apply().changed == planned
    assert (now := serial(web)) != before
    assert site.plan() == []
    # What the controller's OpenSSL would take is for that of the host to judge.
    cut = issuer.certificate.replace("-----END CERTIFICATE-----", "-----END CERTIFICATE")
    site.data["tls_certificate"] = other.certificate + cut
    told = site.apply(check=False)
    assert told.returncode
    assert "Nginx could not load it" in told.output
    web.enter("systemctl restart nginx")
    assert serial(web) == now


@pytest.mark.long
def test_from_ones_own_certificate_to_the_cas_nobody_is_served_plainly(
    web: Host, authority: Authority, controller: Callable[..., Controller]
) -> None:
    issuer = Issuer()
    own = issuer.issue(NAME)
    site = controller(web)
    authority.trusted_by(web)
    authority.answer_names({NAME: web.address})
    site.data |= {"tls": "files", "tls_certificate": own.certificate, "tls_key": own.key}
    site.apply()
    before = serial(web)

    def led(visit: Visit) -> None:
        visit.request("GET", "/health", status=301)

    def told() -> str:
        [line] = re.findall("https    (.*)", site.pyinfra("status.py").stdout)
        return str(line)

    with Visitors(web, kinds=(led, led)) as tally:
        with_https(site, authority)
        assert "ends on" in told()
        with authority.away():
            failed = site.apply(check=False)
        assert failed.returncode == 1
        assert "Visitors are still shown the certificate of before" in failed.output
        assert serial(web) == before
        assert "ends on" in told()
        planned = site.plan()
        assert site.apply().changed == planned
        assert site.plan() == []
        assert get(web, "/health", secure=by(authority)).status == 200
        site.data |= {"tls": "files", "tls_server": ""}
        planned = site.plan()
        assert site.apply().changed == planned
        assert site.plan() == []
    assert tally.failed == []
    assert serial(web) == before


@pytest.mark.long
def test_a_rollout_passes_its_gate_while_https_comes_and_goes(
    lab: Lab, deployed_web: Host, controller: Callable[..., Controller]
) -> None:
    """Nginx has what is declared only once a host's turn is over, and the gate is before."""
    two = lab.hosts(2, layer=DEPLOYED, prefix="gate")
    for host in two:
        wait_for_site(host)
    issuer = Issuer()
    own = issuer.issue(NAME)
    site = controller(*two)
    (site.project() / "changed.txt").write_text("with https")
    site.data |= {"tls": "files", "tls_certificate": own.certificate, "tls_key": own.key}
    site.apply()
    (site.project() / "changed.txt").write_text("without")
    site.data["tls"] = "off"
    site.apply()
    for host in two:
        assert get(host, "/").status == 200
        host.stop()


@pytest.mark.long
def test_a_databases_host_gets_no_certificate_and_loses_one_of_before(
    lab: Lab, web: Host, controller: Callable[..., Controller]
) -> None:
    store = lab.host("store")
    issuer = Issuer()
    own = issuer.issue(NAME)
    site = controller(web, store)
    site.groups = {"app": [web], "db": [store]}
    site.use_database()
    site.data |= {"tls": "files", "tls_certificate": own.certificate, "tls_key": own.key}
    site.apply("--data", "new_database=True")
    assert site.plan() == []
    assert get(web, "/health", secure=Secure(issuer.certificate, NAME)).status == 200
    folder = "/etc/ssl/fooproject"
    assert store.enter(f"find {folder}", check=False).stdout == ""
    store.enter(f"mkdir -p {folder}/files && touch {folder}/files/privkey.pem")
    store.enter(f"ln -s files {folder}/current")
    planned = site.plan()
    assert planned == [f"HTTPS | Forget the certificate of {NAME}"]
    assert site.apply().changed == planned
    assert site.plan() == []
    assert store.enter(f"find {folder} -type f -o -type l", check=False).stdout == ""
    store.power_off()


@pytest.mark.long
def test_status_tells_of_the_certificate_that_visitors_get(
    web: Host, controller: Callable[..., Controller]
) -> None:
    issuer = Issuer()
    site = controller(web)

    def declare(ends_in: timedelta) -> Issued:
        its = issuer.issue(NAME, ends_in=ends_in)
        site.data |= {"tls": "files", "tls_certificate": its.certificate, "tls_key": its.key}
        return its

    def told() -> str:
        [line] = re.findall("https    (.*)", site.pyinfra("status.py").stdout)
        return str(line)

    declare(timedelta(days=30))
    site.apply()
    assert re.search("in 30 days$", told())
    declare(timedelta(days=60))
    assert re.search("in 30 days$", told())  # set, and not deployed
    old, folder = issuer.issue(NAME, ends_in=timedelta(days=-1)), "/etc/ssl/fooproject/files"
    web.write(f"{folder}/fullchain.pem", old.certificate)
    web.write(f"{folder}/privkey.pem", old.key)
    before = serial(web)
    assert "has expired on" in told()
    assert "and Nginx has yet to read it" in told()
    web.enter("systemctl reload nginx")
    wait_for("the other certificate", lambda: serial(web) != before)
    assert re.search(r"has expired on [^,]*$", told())


@pytest.mark.long
@pytest.mark.threat(
    "visitor",
    "the path of the challenge on one of several hosts, to have them ask one another without end",
    "what a peer asks for is not asked of others",
)
def test_each_balancer_has_a_certificate_of_its_own_whomever_the_ca_asks(
    lab: Lab, web: Host, authority: Authority, controller: Callable[..., Controller]
) -> None:
    balancers = [lab.host(name, base="bare") for name in ("front1", "front2")]
    site = controller(web, *balancers)
    site.groups = {"lb": balancers, "app": [web]}
    with_https(site, authority)
    for host in balancers:
        authority.trusted_by(host)
    # The first one's challenge lands on the second.
    authority.answer_names({NAME: balancers[1].address})
    planned = site.plan()
    # What hosts do beside each other has no order.
    assert sorted(planned) == sorted(site.apply().changed)
    assert site.plan() == []
    assert len({serial(host) for host in balancers}) == 2
    for host in balancers:
        seen = get(host, "/api/headers", secure=by(authority))
        assert (seen.status, seen.json["is_secure"]) == (200, True)
        assert get(host, "/").status == 301
        # What is nowhere is asked of everyone once, and of nobody without end.
        lost = get(host, "/.well-known/acme-challenge/nothing")
        assert lost.status == 404
    asked = web.enter("grep -c acme-challenge /var/log/fooproject/nginx.access.log", check=False)
    assert asked.stdout == "0\n"
    for host in balancers:
        host.power_off()
