"""The lab's ACME server and its visitors over HTTP/2, with Debian's certbot run by hand.

What certbot does, and says, is written down here as far as a deploy relies on it.
"""

import re
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from subprocess import CompletedProcess

import pytest

from tests.e2e.acme import Authority
from tests.e2e.certificates import Issued, Issuer
from tests.e2e.http import Answer, Secure, get, wait_for
from tests.e2e.http2 import Asked, Http2, NotTakenError
from tests.e2e.load import Visit, Visitors
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.long]

SITE = """
server {
    listen 80 default_server;
    location /.well-known/acme-challenge/ { root /srv/webroot; }
    location / { return 204; }
}
"""
HTTPS = """
log_format protocol '$server_protocol $connection_requests $request_length';
server {
    listen 443 ssl http2;
    ssl_certificate CERTIFICATE;
    ssl_certificate_key KEY;
    access_log /var/log/nginx/https.log protocol;
    client_max_body_size 8m;
    location / { return 200 "over $server_protocol for $host\\n"; }
    location /slow { root /srv; limit_rate 100k; }
    location /upload { proxy_pass http://127.0.0.1:81; }
}
server {
    listen 127.0.0.1:81;
    client_max_body_size 8m;
    location / { return 200 taken; }
}
"""
LIVE = "/etc/letsencrypt/live/site"
RELOADS = 12


@dataclass
class Web:
    """A host whose Nginx serves a webroot, with Debian's certbot."""

    host: Host
    authority: Authority

    def certbot(self, words: str, timeout: float = 120) -> "CompletedProcess[str]":
        return self.host.enter(f"certbot {words}", check=False, timeout=timeout)

    def obtain(self, *names: str, words: str = "") -> "CompletedProcess[str]":
        domains = " ".join(f"-d {name}" for name in names)
        return self.certbot(
            "certonly --webroot -w /srv/webroot -n --agree-tos --register-unsafely-without-email "
            f"--server {self.authority.directory_url} --cert-name site {words} {domains}"
        )

    def renew(self, words: str = "--force-renewal") -> "CompletedProcess[str]":
        # Without a terminal it would wait for up to eight minutes first.
        return self.certbot(f"renew -q --no-random-sleep-on-renew {words}")

    def names(self) -> list[str]:
        """Those of the certificate on disk."""
        told = self.host.enter(f"openssl x509 -noout -ext subjectAltName -in {LIVE}/cert.pem")
        return sorted(re.findall(r"DNS:([\w.-]+)", told.stdout))

    def serve(self, certificate: str, key: str) -> None:
        text = HTTPS.replace("CERTIFICATE", certificate).replace("KEY", key)
        self.host.write("/etc/nginx/conf.d/https.conf", text)
        before = self.workers()
        self.host.enter("nginx -t && systemctl reload-or-restart nginx")
        # Until then, one that is about to leave may still take a connection.
        wait_for("others have taken over", lambda: self.workers() and not self.workers() & before)

    def reload(self) -> None:
        """Have others serve, and those before them leave for good."""
        before = self.workers()
        self.host.enter("systemctl reload nginx")
        every = "pgrep -f 'nginx: worker process'"
        wait_for("they leave", lambda: not before & set(self.host.enter(every).stdout.split()))

    def workers(self) -> set[str]:
        """The processes of Nginx's that take connections."""
        return set(self.host.enter("pgrep -xf 'nginx: worker process'", check=False).stdout.split())


@pytest.fixture(scope="module")
def web(lab: Lab) -> Iterator[Web]:
    """Made once: each test finds what the ones before have left."""
    ca, host = lab.host("ca", base="bare"), lab.host("acmeweb")
    authority = Authority(ca)
    authority.start()
    host.enter("DEBIAN_FRONTEND=noninteractive apt-get install --yes certbot", timeout=300)
    host.enter("systemctl stop certbot.timer; rm -f /etc/nginx/sites-enabled/default")
    host.enter("mkdir /srv/webroot")
    host.write("/etc/nginx/conf.d/site.conf", SITE)
    host.enter("nginx -t && systemctl restart nginx")
    authority.trusted_by(host)
    authority.answer_names({"one.test": host.address, "two.test": host.address})
    yield Web(host, authority)
    ca.power_off()
    host.power_off()


def test_certbot_obtains_a_certificate_that_visitors_trust(web: Web) -> None:
    run = web.obtain("one.test")
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"Certificate is saved at: {LIVE}/fullchain.pem" in run.stdout
    web.serve(f"{LIVE}/fullchain.pem", f"{LIVE}/privkey.pem")
    root = web.authority.root_certificate
    secure = Secure(root, "one.test")
    wait_for("it is served", lambda: get(web.host, secure=secure))
    assert get(web.host, secure=secure).text == "over HTTP/1.1 for one.test\n"
    for wrong in (Secure(root, "two.test"), Secure(Issuer().certificate, "one.test")):
        with pytest.raises(ssl.SSLCertVerificationError):
            get(web.host, secure=wrong)
    text = web.host.enter(f"openssl x509 -noout -text -in {LIVE}/cert.pem").stdout
    assert "Public Key Algorithm: id-ecPublicKey" in text
    # Neither is there any more at public authorities: stapling has nothing to staple.
    assert "TLS Feature" not in text
    assert "OCSP" not in text


def test_a_certificate_that_is_not_due_is_left_alone(web: Web) -> None:
    asked = len(web.authority.orders())
    run = web.obtain("one.test")
    assert run.returncode == 0
    assert "Certificate not yet due for renewal; no action taken." in run.stdout
    assert web.renew("").returncode == 0
    assert len(web.authority.orders()) == asked


def test_directory_hooks_run_at_renewals_alone(web: Web) -> None:
    """Not when a certificate is the first of its name, and what fails in one is not told."""
    hook = "/etc/letsencrypt/renewal-hooks/deploy/told"
    web.host.write(hook, "#!/bin/sh\necho $RENEWED_LINEAGE >>/run/told\nexit 3\n", mode=0o755)
    new = web.obtain("one.test", words="--cert-name other")
    assert new.returncode == 0
    assert web.host.enter("cat /run/told", check=False).returncode != 0
    assert web.certbot("delete -n --cert-name other").returncode == 0
    run = web.renew()
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")
    added = web.obtain("one.test", "two.test")
    assert added.returncode == 0, added.stdout + added.stderr
    assert "Hook 'deploy-hook' reported error code 3" in added.stderr
    assert web.host.enter("cat /run/told").stdout == f"{LIVE}\n{LIVE}\n"
    assert web.names() == ["one.test", "two.test"]
    web.host.enter(f"rm {hook}")


def test_one_name_that_fails_is_told_and_costs_nothing(web: Web) -> None:
    # Of two hosts the first is asked, and it knows of no challenge.
    elsewhere = web.authority.host
    web.authority.answer_names({"both.test": [elsewhere.address, web.host.address]})
    web.host.enter("cp /etc/letsencrypt/renewal/site.conf /run/before")
    for name, kind in (("both.test", "connection"), ("unknown.test", "connection")):
        run = web.obtain("one.test", "two.test", name)
        assert run.returncode == 1
        told = re.findall(r"  Domain: (\S+)\n  Type:   (\S+)\n  Detail: (.+)", run.stdout)
        assert [(domain, how) for domain, how, _ in told] == [(name, kind)], run.stdout
        assert name in told[0][2]
        assert "Some challenges have failed." in run.stderr
    assert web.names() == ["one.test", "two.test"]
    web.host.enter("cmp /etc/letsencrypt/renewal/site.conf /run/before")
    # Once it has come to the right host, it has.
    web.authority.answer_names({"both.test": [web.host.address, elsewhere.address]})
    assert web.obtain("one.test", "two.test", "both.test").returncode == 0
    assert "both.test" in web.names()


def test_an_authority_that_is_away_forgets_nothing(web: Web) -> None:
    with web.authority.away():
        run = web.renew()
        assert run.returncode == 1
        assert "Failed to renew certificate site with error: Requesting " in run.stderr
        assert "Connection refused" in run.stderr
        assert f"  {LIVE}/fullchain.pem (failure)" in run.stderr
    assert web.renew().returncode == 0


def test_a_refusal_is_told_by_renew_and_hidden_by_certonly(web: Web) -> None:
    """certbot 2.1 breaks over an error of the authority's: its words are in the log alone."""
    why = "too many certificates (5) already issued"
    before = len(web.authority.orders())
    with web.authority.refusing(detail=why):
        run = web.renew()
        assert run.returncode == 1
        assert re.search(
            rf"urn:ietf:params:acme:error:rateLimited :: .* :: {re.escape(why)}", run.stderr
        )
        run = web.obtain("one.test", words="--force-renewal")
        assert run.returncode == 1
        assert why not in run.stdout + run.stderr
        assert "AttributeError: can't set attribute" in run.stderr
        log = web.host.enter("grep '^acme.messages.Error: ' /var/log/letsencrypt/letsencrypt.log")
        assert why in log.stdout
    asked = web.authority.orders()[before:]
    assert asked == [web.host.address] * 2
    assert web.renew().returncode == 0


def test_files_in_place_of_links_make_a_second_lineage(web: Web) -> None:
    """A certificate that was replaced by hand as plain files is not renewed in its place."""
    web.host.enter("cp -a /etc/letsencrypt /run/kept")
    web.host.enter(
        f"cd {LIVE} && for f in *.pem; do cp --remove-destination $(readlink $f) $f; done"
    )
    run = web.renew("")
    assert run.returncode == 1
    assert "expected /etc/letsencrypt/live/site/cert.pem to be a symlink" in run.stderr
    assert "0 renew failure(s), 1 parse failure(s)" in run.stderr
    assert web.obtain("one.test").returncode == 0
    assert "site-0001" in web.host.enter("ls /etc/letsencrypt/live").stdout
    web.host.enter("rm -r /etc/letsencrypt && mv /run/kept /etc/letsencrypt")


def test_short_lived_certificates_of_an_authority_that_forgot(web: Web) -> None:
    old = web.authority.root_certificate
    web.authority.start(validity=timedelta(days=6))
    assert web.authority.root_certificate != old
    run = web.renew()
    assert run.returncode == 1
    assert "urn:ietf:params:acme:error:accountDoesNotExist" in run.stderr
    # Only where no account is left does it make another.
    web.host.enter("rm -r /etc/letsencrypt/accounts")
    run = web.renew()
    assert (run.returncode, "Account at" in run.stderr) == (1, True)
    assert web.obtain("one.test", words="--force-renewal").returncode == 0
    for days, ends_within in ((5, 0), (7, 1)):
        check = f"openssl x509 -checkend {days * 86400} -in {LIVE}/cert.pem"
        assert web.host.enter(check, check=False).returncode == ends_within
    # Thirty days before the end are always over: it is renewed each time, twice a day.
    asked = len(web.authority.orders())
    assert web.renew("").returncode == 0
    assert len(web.authority.orders()) == asked + 1
    setting = "s/^.*renew_before_expiry.*/renew_before_expiry = 2 days/"
    web.host.enter(f"sed -i '{setting}' /etc/letsencrypt/renewal/site.conf")
    assert web.renew("").returncode == 0
    assert len(web.authority.orders()) == asked + 1
    # It stays through renewals.
    assert web.renew().returncode == 0
    assert web.host.enter("head -1 /etc/letsencrypt/renewal/site.conf").stdout == (
        "renew_before_expiry = 2 days\n"
    )


# Visitors


@pytest.fixture(scope="module")
def own(web: Web) -> Issuer:
    """The authority of a certificate that a test has made, with which the host serves."""
    issuer = Issuer()
    put(web, issuer.issue("fooproject.se", "*.fooproject.se"))
    wait_for("it is served", lambda: get(web.host, secure=Secure(issuer.certificate)))
    return issuer


def put(web: Web, issued: Issued) -> None:
    web.host.write("/srv/own.pem", issued.certificate)
    web.host.write("/srv/own.key", issued.key, mode=0o600)
    web.serve("/srv/own.pem", "/srv/own.key")


def hello(visit: Visit) -> None:
    assert visit.request("GET", "/").startswith(b"over HTTP/2")


def side_by_side(visit: Visit) -> None:
    assert len(visit.requests([("GET", "/", None), ("POST", "/upload", b"x" * 200_000)])) == 2


def upload(visit: Visit) -> None:
    assert visit.request("POST", "/upload", b"x" * 3_000_000) == b"taken"


def test_visitors_keep_one_connection_over_http2(web: Web, own: Issuer) -> None:
    secure = Secure(own.certificate)
    visit = Visit(web.host, keep_alive=True, patience=10, secure=secure)
    try:
        for _ in range(3):
            hello(visit)
            upload(visit)
            side_by_side(visit)
    finally:
        visit.close()
    # Nginx counts the requests of a connection: all came over one.
    wait_for(
        "it is logged",
        lambda: "HTTP/2.0 12 " in web.host.enter("cat /var/log/nginx/https.log").stdout,
    )


def test_visitors_without_https_come_as_ever(web: Web) -> None:
    def empty(visit: Visit) -> None:
        assert visit.requests([("GET", "/", None), ("GET", "/", None)], status=204) == [b"", b""]

    with Visitors(web.host, kinds=[empty, empty]) as tally:
        web.host.enter("systemctl reload nginx")
    assert tally.failed == []
    log = web.host.enter("cat /var/log/nginx/access.log").stdout
    assert '"GET / HTTP/1.1" 204' in log
    assert "HTTP/2" not in log


def test_visitors_over_http2_lose_nothing_when_nginx_reloads(web: Web, own: Issuer) -> None:
    kinds = [hello, hello, upload, upload, side_by_side, side_by_side]
    with Visitors(web.host, kinds=kinds, secure=Secure(own.certificate)) as tally:
        for _ in range(RELOADS):
            web.host.enter("systemctl reload nginx")
            sent = tally.sent
            wait_for("visitors come", lambda sent=sent: tally.sent > sent + len(kinds))  # type: ignore[misc]
    assert tally.failed == []


def test_visitors_notice_a_server_that_dies(web: Web, own: Issuer) -> None:
    with Visitors(web.host, kinds=[hello, upload], secure=Secure(own.certificate)) as tally:
        web.host.enter("systemctl kill -s KILL nginx")
        wait_for("they notice", lambda: tally.failed)
        web.host.enter("systemctl restart nginx")


def test_a_server_that_leaves_answers_what_it_has_taken(web: Web, own: Issuer) -> None:
    # It takes 20 seconds, of which the reload comes in the midst, however slow the machine is.
    web.host.enter("head -c 2000000 /dev/zero >/srv/slow")
    connection = Http2(web.host, Secure(own.certificate), limit=60)
    reload = threading.Timer(3, web.host.enter, ["systemctl reload nginx"])
    reload.start()
    try:
        slow, quick = connection.ask(Asked("GET", "/slow"), Asked("GET", "/"))
        assert isinstance(slow, Answer)
        assert isinstance(quick, Answer)
        assert len(slow.body) == 2_000_000
        assert connection.is_leaving
        (late,) = connection.ask(Asked("GET", "/"))
        assert isinstance(late, NotTakenError)
    finally:
        reload.join()
        connection.close()


def test_a_server_that_left_between_two_requests_is_noticed(web: Web, own: Issuer) -> None:
    connection = Http2(web.host, Secure(own.certificate), limit=10)
    try:
        assert isinstance(connection.ask(Asked("GET", "/"))[0], Answer)
        web.reload()
        assert isinstance(connection.ask(Asked("GET", "/"))[0], NotTakenError)
    finally:
        connection.close()


def test_certificates_that_do_not_hold_are_refused(web: Web, own: Issuer) -> None:
    secure = Secure(own.certificate)
    put(web, own.issue("fooproject.se", ends_in=-timedelta(hours=1)))
    wait_for("it is refused", lambda: "certificate has expired" in refusal(web, secure))
    put(web, own.issue("elsewhere.se"))
    wait_for("it is refused", lambda: "not valid for 'fooproject.se'" in refusal(web, secure))


def refusal(web: Web, secure: Secure) -> str:
    """Why a visitor does not come in; an old worker of Nginx's may still be letting him in."""
    try:
        get(web.host, secure=secure)
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    return ""
