"""How long visitors wait, with the article's site beside ours: one Nginx, the same Gunicorn.

A static file is for `make bench` to tell of: it takes so little that this client's own part, and so
the ratio, is another on every machine.
"""

import time
from http.client import HTTPConnection
from statistics import median

import pytest

from tests.e2e.http import wait_for
from tests.lab import Host
from tests.unit import article
from tests.unit.hosts import sample_target

pytestmark = [pytest.mark.e2e, pytest.mark.alone]

PORT = 8081
TIMES = 500
MOST = 1.15


@pytest.mark.long
def test_a_page_takes_no_longer_than_with_the_articles_site(
    web: Host, capsys: pytest.CaptureFixture[str]
) -> None:
    site = article.site(sample_target().settings)
    web.write("/etc/nginx/conf.d/article.conf", site.replace("listen 80 ", f"listen {PORT} "))
    # A reload leaves workers behind that close their connections.
    web.enter("nginx -t -q && systemctl restart nginx")
    wait_for("the article's site", lambda: seconds(HTTPConnection(web.address, PORT)))
    both = [HTTPConnection(web.address, port, timeout=20) for port in (80, PORT)]
    # In turns, so that whatever else the machine does meanwhile hits both alike.
    times = [[seconds(one) for one in both] for _ in range(TIMES)]
    mine, other = (median(column) for column in zip(*times, strict=True))
    with capsys.disabled():
        told = f"a page {mine * 1e3:.2f} ms, by the article's site {other * 1e3:.2f}"
        print(f"\n{told}, ratio {mine / other:.2f} (at most {MOST})")
    assert mine / other <= MOST
    for one in both:
        one.close()


def seconds(connection: HTTPConnection) -> float:
    """How long the page takes, over a connection that is kept."""
    started = time.perf_counter()
    connection.request("GET", "/", headers={"Host": "fooproject.se", "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200
    return time.perf_counter() - started
