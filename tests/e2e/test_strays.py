"""What else Nginx serves on a host: it stays, or the plan names it, or nothing is changed."""

import socket

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get, wait_for
from tests.lab import Host

pytestmark = pytest.mark.e2e

SITE = "/etc/nginx/sites-available/default"
ENABLED = "/etc/nginx/sites-enabled"
OWN = """
server {
    listen 8080;
    listen 443;
    server_name fooproject.se;
    return 200 "a person's own";
}
"""
COPY = "server { listen 80; server_name fooproject.se; return 404; }\n"


def lines_from(host: Host, port: int) -> str:
    with socket.create_connection((host.address, port), timeout=10) as visitor:
        visitor.sendall(b"GET / HTTP/1.0\r\nHost: fooproject.se\r\n\r\n")
        return b"".join(iter(lambda: visitor.recv(4096), b"")).decode()


def test_a_persons_own_site_stays_and_what_is_put_aside_is_named(
    site: Controller, web: Host
) -> None:
    web.write(f"{ENABLED}/own", OWN)
    web.enter("nginx -t -q && systemctl reload nginx")
    wait_for("its own", lambda: "a person's own" in lines_from(web, 443))
    assert site.plan() == []

    web.write(f"{ENABLED}/a-copy", COPY)
    planned = site.pyinfra("deploy.py", "--dry")
    assert f"Will be put aside: {ENABLED}/a-copy" in planned.output
    ran = site.pyinfra("deploy.py", "-y")
    assert f"{ENABLED}/a-copy is in /var/backups/replaced now." in ran.output
    assert get(web).status == 200
    assert site.plan() == []
    for port in (443, 8080):
        assert "a person's own" in lines_from(web, port)


@pytest.mark.long
def test_what_a_person_added_to_the_site_is_not_overwritten(site: Controller, web: Host) -> None:
    https = "listen 80 default_server; listen 8443;"
    before = web.enter(f"sed -i 's/listen 80 default_server;/{https}/' {SITE}; cat {SITE}").stdout
    for words in (("--dry",), ("-y",)):
        told = site.pyinfra("deploy.py", *words, check=False)
        assert (
            f"{SITE} serves more than is declared, and would be overwritten: *:8443" in told.output
        )
        assert "Nothing was changed." in told.output
        assert "Traceback" not in told.output
    assert web.enter(f"cat {SITE}").stdout == before

    # What a deployment wrote is replaced: here, by another name.
    web.enter(f"sed -i 's/{https}/listen 80 default_server;/' {SITE}")
    site.data["server_name"] = ["fooproject.se", "localhost"]
    site.apply()
    site.data["server_name"] = "fooproject.se"
    site.apply()
    assert "localhost" not in web.enter(f"cat {SITE}").stdout


def test_another_program_at_port_80_is_named_before_anything_is_changed(
    site: Controller, web: Host
) -> None:
    web.enter("systemctl stop nginx")
    by_ipv6 = "socket.create_server(('::', 80), family=socket.AF_INET6)"
    by_ipv6 = f"import signal, socket; its = {by_ipv6}; signal.pause()"
    web.enter(f'systemd-run -q --unit=of-ipv6 python3 -c "{by_ipv6}"')
    wait_for("it listens", lambda: "[::]:80 " in web.enter("ss -Hltn").stdout)
    told = site.pyinfra("deploy.py", "--dry", check=False)
    assert "port 80 is held by python3 (process " in told.output
    web.enter("systemctl stop of-ipv6")
    web.enter("systemd-run -q --unit=other-program python3 -m http.server 80")
    wait_for("the other program", lambda: get(web, "/").headers["server"].startswith("SimpleHTTP"))
    site.data["health_path"] = "/"  # something that there is to change
    before = web.enter("cat /usr/local/lib/fooproject/switch.json").stdout
    told = site.pyinfra("deploy.py", "-y", check=False)
    assert "port 80 is held by python3 (process " in told.output
    assert "Nothing was changed." in told.output
    assert web.enter("cat /usr/local/lib/fooproject/switch.json").stdout == before
    web.enter("systemctl stop other-program")
    site.apply()
    assert get(web).status == 200
