"""A balancer that comes before a site with HTTPS, or goes, as docs/front.md has it.

Visitors come to both addresses meanwhile: somebody always remembers what DNS has said before.
"""

from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.e2e.certificates import Issuer
from tests.e2e.controller import Controller
from tests.e2e.http import Secure, get
from tests.e2e.load import Visit, Visitors, entry, page, styled
from tests.lab import Host, Lab

pytestmark = [pytest.mark.e2e, pytest.mark.long]

NAME = "fooproject.se"


def led(visit: Visit) -> None:
    visit.request("GET", "/health", status=301)


@pytest.fixture
def balancer(lab: Lab) -> Iterator[Host]:
    host = lab.host("front")
    yield host
    host.power_off()


def told(site: Controller) -> str:
    return " ".join(site.pyinfra("deploy.py", "--dry").output.split())


def test_a_balancer_comes_and_goes_and_nobody_is_lost(
    web: Host, balancer: Host, controller: Callable[..., Controller]
) -> None:
    issuer = Issuer()
    own = issuer.issue(NAME)
    secure = Secure(issuer.certificate, NAME)
    site = controller(web)
    site.data |= {"tls": "files", "tls_certificate": own.certificate, "tls_key": own.key}
    site.data["firewall"] = True
    site.apply()
    behind: dict[str, Sequence[Host]] = {"app": [web], "lb": [balancer]}

    def come(host: Host) -> Visitors:
        return Visitors(host, kinds=(page, entry, styled), secure=secure)

    def come_plainly(host: Host) -> Visitors:
        return Visitors(host, kinds=(led,))

    # It comes.
    with come(web) as direct, come_plainly(web) as plain:
        site.data["trusted_proxies"] = [balancer.address]
        site.apply()
        assert site.plan() == []
        site.hosts, site.groups = [web, balancer], behind
        site.apply("--limit", "lb")
        assert site.plan("--limit", "lb") == []
        with come(balancer) as balanced, come_plainly(balancer) as led_there:
            assert get(balancer, "/api/headers", secure=secure).json["is_secure"]
            said = told(site)
    assert direct.failed == plain.failed == balanced.failed == led_there.failed == []
    assert "answers visitors no more on ports 80 and 443" in said
    assert f"come to {balancer.address} by now" in said
    with come(balancer) as balanced, come_plainly(balancer) as led_there:
        site.data["trusted_proxies"] = []
        site.apply()
        assert site.plan() == []
    assert balanced.failed == led_there.failed == []
    assert "answers visitors no more" not in told(site)
    for scheme in (None, secure):
        with pytest.raises(OSError, match="timed out"):
            get(web, "/health", limit=2, secure=scheme)

    # It goes.
    with come(balancer) as balanced, come_plainly(balancer) as led_there:
        site.hosts, site.groups = [web], {}
        said = told(site)
        assert f"believes {balancer.address} no more" in said
        site.data["trusted_proxies"] = [balancer.address]
        assert "believes" not in told(site)
        site.apply()
        assert site.plan() == []
        with come(web) as direct, come_plainly(web) as plain:
            assert get(balancer, "/api/headers", secure=secure).json["is_secure"]
    assert direct.failed == plain.failed == balanced.failed == led_there.failed == []
    balancer.power_off()
    with come(web) as direct, come_plainly(web) as plain:
        site.data["trusted_proxies"] = []
        site.apply()
        assert site.plan() == []
    assert direct.failed == plain.failed == []
