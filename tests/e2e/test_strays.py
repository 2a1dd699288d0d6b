"""What else Nginx serves on a host: it stays, or the plan names it, or nothing is changed."""

import socket

import pytest

from stack.state.duplicates import ONCE
from tests.e2e.certificates import Issuer
from tests.e2e.controller import Controller
from tests.e2e.http import get, release_at, wait_for
from tests.e2e.load import Visitors, page
from tests.e2e.untouched import Untouched
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

    # Nginx gives it the name alone too, and tells nobody who has it in full but in a warning.
    web.write(f"{ENABLED}/a-copy", COPY.replace("fooproject.se", ".fooproject.se"))
    web.enter("nginx -t -q && systemctl reload nginx")
    wait_for("it takes the visitors", lambda: get(web).status == 404)
    planned = site.pyinfra("deploy.py", "--dry")
    told = f"Will be put aside: {ENABLED}/a-copy, which serves *.fooproject.se too"
    assert told in planned.output
    ran = site.pyinfra("deploy.py", "-y")
    assert f"{ENABLED}/a-copy is in /var/backups/replaced now." in ran.output
    assert get(web).status == 200
    assert site.plan() == []
    for port in (443, 8080):
        assert "a person's own" in lines_from(web, port)


@pytest.mark.long
def test_a_name_that_something_of_the_hosts_has_is_refused(site: Controller, web: Host) -> None:
    path = "/etc/logrotate.d/shop"
    web.write(path, "# a package's\n")
    site.data |= {"project": "shop", "wsgi": "fooproject.wsgi"}
    told = site.pyinfra("deploy.py", "-y", check=False)
    assert f'project = "shop": {path} exists, and no deployment has made it' in told.output
    assert "Nothing was changed." in told.output
    assert web.enter(f"cat {path}; ls -d /var/log/shop", check=False).stdout == "# a package's\n"


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


@pytest.mark.parametrize("port", [80, 443])
def test_another_program_at_a_port_is_named_before_anything_is_changed(
    site: Controller, web: Host, port: int
) -> None:
    if port == 80:
        web.enter("systemctl stop nginx")
        site.data["health_path"] = "/"  # something that there is to change
        by_ipv6 = "socket.create_server(('::', 80), family=socket.AF_INET6)"
        by_ipv6 = f"import signal, socket; its = {by_ipv6}; signal.pause()"
        web.enter(f'systemd-run -q --unit=of-ipv6 python3 -c "{by_ipv6}"')
        wait_for("it listens", lambda: "[::]:80 " in web.enter("ss -Hltn").stdout)
        told = site.pyinfra("deploy.py", "--dry", check=False)
        assert "port 80 is held by python3 (process " in told.output
        web.enter("systemctl stop of-ipv6")
    else:
        own = Issuer().issue("fooproject.se")
        site.data |= {"tls": "files", "tls_certificate": own.certificate, "tls_key": own.key}
    web.enter(f"systemd-run -q --unit=other-program python3 -m http.server {port}")
    wait_for("the other program", lambda: "SimpleHTTP" in lines_from(web, port))
    with Untouched(web):
        told = site.pyinfra("deploy.py", "-y", check=False)
    assert f"port {port} is held by python3 (process " in told.output
    assert "but Nginx needs it; stop and disable that program. Nothing was changed." in told.output
    web.enter("systemctl stop other-program")
    site.apply()
    assert get(web).status == (200 if port == 80 else 301)
    assert site.plan() == []


@pytest.mark.long
def test_a_site_that_was_broken_by_hand_is_mended_before_a_release_takes_over(
    site: Controller, web: Host
) -> None:
    (site.project() / "new.txt").write_text("new")
    before = release_at(web)
    web.enter(f"echo 'no {{' >> {SITE}")
    with Untouched(web):
        planned = site.plan()
    with Visitors(web) as tally:
        assert site.apply().changed == planned
    assert tally.failed == []
    kinds = [name for name in planned if name.startswith(("Nginx |", "Release | Serve"))]
    assert kinds == ["Nginx | Serve fooproject.se", kinds[-1]]
    assert release_at(web) != before
    assert site.plan() == []


@pytest.mark.long
def test_a_broken_site_sends_visitors_on_when_the_release_has_another_address(
    site: Controller, web: Host
) -> None:
    site.data |= {"bind": "127.0.0.1:8001"}
    web.enter(f"sed -i 's/charset utf-8/charset/; s/proxy_pass/proxy_path/' {SITE}")
    with Visitors(web) as tally:
        planned = site.plan()
        assert site.apply().changed == planned
    assert tally.failed == []
    assert "proxy_pass http://127.0.0.1:8001;" in web.enter(f"cat {SITE}").stdout
    assert site.plan() == []


def test_a_plan_that_asks_nginx_makes_nothing_that_is_missing(site: Controller, web: Host) -> None:
    """To try its files Nginx makes its pid file and logs."""
    web.enter("rm /run/nginx.pid; rm -f /var/log/nginx/error.log /var/log/nginx/access.log")
    with Untouched(web):
        planned = site.plan()
    assert planned == ["Nginx | Run Nginx with its configuration"]
    web.enter("test ! -e /run/nginx.pid && test ! -e /var/log/nginx/error.log")
    assert site.apply().changed == planned
    assert site.plan() == []


def test_a_plan_that_asks_nginx_takes_no_memory_for_its_logs(site: Controller, web: Host) -> None:
    """What is opened for writing, in a view of a folder that has nothing stay, is copied first."""
    logs = "/var/log/nginx/error.log", "/var/log/fooproject/nginx.access.log"
    for log in logs:
        web.enter(f"head -c 400M /dev/zero >> {log}")
    web.enter("touch /etc/nginx/mime.types")
    web.limit_memory(500_000_000)
    try:
        assert site.plan() == ["Nginx | Run Nginx with its configuration"]
        assert get(web).status == 200
    finally:
        web.limit_memory(-1)


@pytest.mark.long
@pytest.mark.parametrize(
    ("path", "how"),
    [
        ("/etc/nginx/mime.types", "fix it"),
        ("/etc/nginx/snippets/fooproject-maintenance.conf", "run maintenance.py"),
    ],
)
def test_what_is_not_ours_to_mend_is_told_before_a_release_migrates(
    site: Controller, web: Host, path: str, how: str
) -> None:
    web.enter(f"touch {path} && cp {path} /root/whole && echo 'nonsense;' >> {path}")
    # With nothing to do but to have Nginx read it, and with a release.
    for _ in range(2):
        with Untouched(web), Visitors(web, kinds=[page]) as tally:
            told = site.pyinfra("deploy.py", "-y", check=False)
        assert f"web: Nginx cannot read {path}; {how}" in told.output
        assert 'unknown directive "nonsense"' in told.output
        assert "Nothing was changed." in told.output
        assert (told.returncode, tally.failed) == (1, [])
        (site.project() / "new.txt").write_text("new")
    if how == "fix it":
        web.enter(f"cp /root/whole {path}")
    else:
        site.pyinfra("maintenance.py", "-y", "--data", "on=False")
    site.apply()
    assert site.plan() == []


def test_what_nginx_takes_once_is_named_before_anything_is_changed(
    site: Controller, web: Host
) -> None:
    path = "/etc/nginx/conf.d/own.conf"
    web.write(path, "# A person's.\nserver_tokens off;\nkeepalive_timeout 64;\n")
    with Untouched(web):
        told = site.pyinfra("deploy.py", "-y", check=False)
    assert f"{path} has keepalive_timeout and so has /etc/nginx/nginx.conf" in told.output
    assert "Nothing was changed." in told.output
    # The other line is nobody else's.
    web.write(path, "# A person's.\nserver_tokens off;\nadd_header X-Own own;\n")
    site.apply()
    assert site.plan() == []
    assert get(web).headers["server"] == "nginx"


ASK = """
ask() {
  printf 'pid /run/ask.pid; events {} http { %s }' "$1" > /root/ask.conf
  nginx -t -q -c /root/ask.conf 2>&1
}
for name in $1; do
  for value in on 5 64 10s 4k '4 8k' 1.1 utf-8 text/plain X-Real-IP HIGH auto; do
    if ask "$name $value;" > /dev/null; then
      ask "$name $value; $name $value;" | grep -q '"'"$name"'" directive is duplicate' &&
        echo "$name"
      break
    fi
  done
done
rm -f /root/ask.conf /run/ask.pid
"""


def test_nginx_itself_says_so_of_what_it_takes_once(web: Host) -> None:
    names = " ".join(sorted(ONCE))
    assert web.enter(f"sh -s '{names}'", input=ASK).stdout.split() == sorted(ONCE)
