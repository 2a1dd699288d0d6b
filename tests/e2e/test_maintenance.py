"""A site that is closed for a while."""

import http.client
from collections.abc import Callable
from ipaddress import ip_address

import pytest

from tests.e2e.controller import PASSWORD, Controller
from tests.e2e.fingerprint import difference, fingerprint
from tests.e2e.http import get, over_ipv6, post, release_at, wait_for
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

PAGE = "<!doctype html><title>Back at noon</title>\n"
AWAY = "<!doctype html><title>It will be back</title>\n"
NEIGHBOUR = """
import http.client
asked = http.client.HTTPConnection("{0}", source_address=("{0}", 0))
asked.request("GET", "/", headers={{"Host": "fooproject.se", "X-Forwarded-For": "{1}"}})
print(asked.getresponse().status)
"""
"""Asks from another address than that of the visitors, and claims to be one of them."""


def close(site: Controller, on: bool = True, check: bool = True) -> list[str]:
    words = ["maintenance.py", "--data", f"on={on}", "--json"]
    planned = site.pyinfra(*words, "--dry", check=check).planned
    assert site.pyinfra(*words, "-y", check=check).changed == planned
    assert site.pyinfra(*words, "--dry", check=check).planned == []
    return planned


@pytest.mark.long
def test_visitors_get_the_page_until_the_site_is_opened_again(web: Host, site: Controller) -> None:
    site.data |= {"maintenance_page": PAGE}
    assert close(site) == ["Maintenance | Close fooproject.se", "Maintenance | Run Nginx with it"]
    for path in ("/", "/static/guestbook/style.css", "/nowhere"):
        answer = get(web, path)
        assert (answer.status, answer.text) == (503, PAGE), path
        assert answer.headers["retry-after"] == "300"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert get(web, "/fooproject-maintenance").status == 404
    # What watches the site.
    assert get(web, "/health").status == 200
    assert "closed   visitors get the maintenance page" in site.pyinfra("status.py").stdout
    assert site.plan() == []
    # A release goes live meanwhile, and the host boots.
    (site.project() / "new.txt").write_text("new")
    before = release_at(web)
    site.apply()
    assert release_at(web) != before
    web.reboot()
    wait_for("it is up", lambda: get(web, "/health").status == 200, 60)
    assert get(web, "/").text == PAGE
    assert close(site, on=False) == [
        "Maintenance | Open fooproject.se",
        "Maintenance | Run Nginx with it",
    ]
    assert get(web, "/").status == 200
    assert "closed" not in site.pyinfra("status.py").stdout
    assert site.plan() == []


@pytest.mark.threat(
    "visitor",
    "get into a site that is closed, by paths that Nginx takes for the health page and Django for "
    "another",
    "the health page is open as it is written, letter by letter, and what is nearly so is closed",
)
def test_the_health_page_lets_nobody_further_into_a_closed_site(
    web: Host, site: Controller
) -> None:
    inside = "/api/path/caf%C3%A9"
    assert get(web, inside).status == 200
    close(site)
    for path in (
        "/api/path/secret/../../../health",
        "/api/path/secret/%2e%2e/%2E%2e/../health",
        "/health/#/../../api/path/secret",
        "/health/.",
        "/health%0a",
        "//health",
        "/fooproject-maintenance%0a",
    ):
        assert get(web, path).status == 503, path
        assert post(web, path, b"").status == 503, path
    for path in ("/health", "/health?full=1"):
        assert get(web, path).status == 200
    close(site, on=False)
    # One that is written with what URLs have no letters for.
    site.data |= {"health_path": f"{inside}?full=1"}
    close(site)
    assert get(web, inside).status == 200
    assert get(web, "/health").status == 503


@pytest.mark.long
def test_a_site_is_closed_and_looked_at_while_its_home_cannot_be_written(
    web: Host, site: Controller
) -> None:
    web.enter("mount --bind /home /home; mount -o remount,ro,bind /home")
    try:
        closed = ["Maintenance | Close fooproject.se", "Maintenance | Run Nginx with it"]
        assert close(site) == closed
        assert get(web, "/").status == 503
        told = "    home     /home is mounted read-only"
        assert told in site.pyinfra("status.py").stdout
        assert site.pyinfra("drift.py").returncode == 0
        refused = site.pyinfra("remove.py", "-y", check=False)
        assert refused.returncode == 1
        assert "web: /home is mounted read-only" in refused.output
        assert "Starting operation" not in refused.output
        close(site, on=False)
        assert get(web, "/").status != 503
    finally:
        web.enter("mount -o remount,rw,bind /home; umount -l /home")


def test_whoever_is_allowed_gets_the_site(web: Host, site: Controller) -> None:
    visitor = f"{site.lab.subnet}.1"
    visited = over_ipv6(web, site.lab)
    other = ip_address(get(visited, "/api/headers").json["X-Forwarded-For"])
    # Nginx compares texts, and has this one in its shortest form.
    site.data |= {"maintenance_allow": [visitor, other.exploded.upper()]}
    close(site)
    assert (get(web, "/").status, get(visited, "/").status) == (200, 200)
    # Whom a visitor claims to be changes nothing.
    assert web.enter("python3 -", input=NEIGHBOUR.format(web.address, visitor)).stdout == "503\n"
    site.data |= {"maintenance_allow": []}
    close(site)
    assert get(visited, "/").status == 503
    answer = get(web, "/", X_Forwarded_For="127.0.0.1")
    assert answer.status == 503
    assert "Down for maintenance" in answer.text


SNIPPET = "/etc/nginx/snippets/fooproject-maintenance.conf"
HERE_TOO = "Maintenance | Keep fooproject.se closed here too"
BEHIND = "Maintenance | Open fooproject.se where visitors come no more"


@pytest.mark.long
def test_a_closed_site_stays_closed_whichever_hosts_visitors_come_to(
    web: Host, lab: Lab, controller: Callable[..., Controller]
) -> None:
    other = lab.host("comes-and-goes")
    close(controller(web))
    # A balancer comes.
    site = controller(other, web)
    site.groups = {"lb": [other], "app": [web]}
    planned = site.plan()
    assert HERE_TOO in planned
    assert planned[-2:] == [BEHIND, "Maintenance | Run Nginx with it"]
    assert site.apply().changed == planned
    assert site.plan() == []
    assert (get(other).status, get(web).status) == (503, 200)
    close(site, on=False)
    assert get(other).status == 200
    # It goes: an inventory that does not have it cannot know, and one that has it does.
    close(site)
    told = controller(web).pyinfra("deploy.py", "--dry").output
    assert "web will serve the site to visitors. Should it be closed on the balancers" in told
    site.groups = {"app": [web], "db": [other]}
    site.data["env"] = {"SECRET_KEY": "a", "DATABASE_URL": "sqlite:///data/db.sqlite3"}
    site.data["database_password"] = PASSWORD
    planned = site.plan()
    assert HERE_TOO in planned
    assert planned[-2:] == [BEHIND, "Maintenance | Run Nginx with it"]
    assert site.apply().changed == planned
    assert site.plan() == []
    assert get(web).status == 503
    close(site, on=False)
    assert (get(other).status, get(web).status) == (200, 200)
    other.power_off()


@pytest.mark.long
def test_the_page_goes_from_wherever_it_is(
    web: Host, lab: Lab, controller: Callable[..., Controller]
) -> None:
    front = lab.host("before-closed")
    close(controller(web))
    site = controller(front, web)
    site.groups = {"lb": [front], "app": [web]}
    # Not in a run of the balancer alone, which does not see that the site is closed.
    told = site.pyinfra("deploy.py", "--dry", "--limit", "lb").output
    assert "before-closed will serve the site to visitors. Should it be closed on web, " in told
    site.pyinfra("deploy.py", "-y", "--limit", "lb")
    assert get(front).status == 503
    told = site.pyinfra("deploy.py", "--dry").output
    assert "web stays closed, where no visitor comes any more: before-closed may send them" in told
    assert BEHIND not in site.plan()
    told = site.pyinfra("status.py").stdout
    assert "closed   visitors get the maintenance page" in told.partition("\nweb\n")[2]
    close(site, on=False)
    assert "Nothing is maintained" in web.enter(f"cat {SNIPPET}").stdout
    assert get(front).status == 200
    assert "closed   visitors" not in site.pyinfra("status.py").stdout
    front.power_off()


@pytest.mark.long
def test_an_app_host_that_comes_to_a_closed_site_is_closed(
    web: Host, lab: Lab, controller: Callable[..., Controller]
) -> None:
    close(controller(web))
    new = lab.host("new-and-closed")
    # Of its first deployment all is written down, and nothing is served.
    begun = controller(new)
    begun.data["health_path"] = "/nowhere"
    assert begun.apply(check=False).returncode == 1
    new.enter("test -e /usr/local/lib/fooproject/switch.json")
    assert "Welcome to nginx" in get(new).text
    site = controller(web, new)
    planned = site.plan()
    assert HERE_TOO in planned
    assert site.apply().changed == planned
    assert site.plan() == []
    assert get(new).status == 503
    # A host alone is opened, and that is no change of roles.
    site.pyinfra("maintenance.py", "-y", "--data", "on=False", "--limit", new.name)
    assert get(new).status == 200
    assert site.plan() == []
    new.power_off()


def policies(host: Host, path: str = "/", name: str = "fooproject.se", size: int = 0) -> list[str]:
    """The status of an answer, and that header as often as it is there."""
    asked = http.client.HTTPConnection(host.address, timeout=20)
    asked.request("POST" if size else "GET", path, b"x" * size or None, {"Host": name})
    answer = asked.getresponse()
    found = [value for name, value in answer.getheaders() if name == "X-Robots-Tag"]
    asked.close()
    return [str(answer.status), *found]


@pytest.mark.long
@pytest.mark.parametrize("balanced", [False, True])
def test_headers_are_in_every_answer_once_whoever_makes_it(
    web: Host, lab: Lab, controller: Callable[..., Controller], balanced: bool
) -> None:
    front = lab.host("front") if balanced else web
    site = controller(*dict.fromkeys((front, web)))
    site.groups = {"lb": [front], "app": [web]} if balanced else {}
    site.data |= {
        "response_headers": {"X-Robots-Tag": "noindex"},
        "redirect_names": ["www.fooproject.se"],
        "client_max_body_size": "1k",
    }
    site.apply()
    assert site.plan() == []
    assert policies(front) == ["200", "noindex"]
    assert policies(front, "/static/guestbook/style.css") == ["200", "noindex"]
    assert policies(front, "/nowhere") == ["404", "noindex"]
    assert policies(front, name="www.fooproject.se") == ["301", "noindex"]
    assert policies(front, name="www.fooproject.se", size=1) == ["308", "noindex"]
    assert policies(front, size=2000) == ["413", "noindex"]
    web.enter(f"systemctl stop {'nginx' if balanced else 'supervisor'}")
    for page in ("", AWAY):
        site.data["unavailable_page"] = page
        if page:
            web.enter("systemctl start nginx supervisor")
            wait_for("it is up", lambda: get(web, "/health").status == 200)
            site.apply()
            web.enter(f"systemctl stop {'nginx' if balanced else 'supervisor'}")
        assert policies(front) == ["502", "noindex"]
    web.enter("systemctl start nginx supervisor")
    wait_for("it is up", lambda: get(web, "/health").status == 200)
    close(site)
    wait_for("it is closed", lambda: policies(front) == ["503", "noindex"])
    if balanced:
        front.power_off()


def test_a_page_of_ones_own_when_the_app_does_not_answer(web: Host, site: Controller) -> None:
    site.data |= {"unavailable_page": AWAY}
    planned = site.plan()
    assert planned == ["Nginx | Serve fooproject.se", "Nginx | Run Nginx with its configuration"]
    assert site.apply().changed == planned
    web.enter("supervisorctl stop django")
    answer = get(web, "/")
    assert (answer.status, answer.text) == (502, AWAY)
    web.enter("supervisorctl start django")
    wait_for("it is up", lambda: get(web, "/health").status == 200)
    # What Django itself answers is Django's.
    assert get(web, "/nowhere").status == 404
    assert get(web, "/fooproject-unavailable").status == 404


@pytest.mark.long
def test_what_settings_no_longer_ask_for_goes(web: Host, site: Controller) -> None:
    before = fingerprint(web)
    more = {"unavailable_page": AWAY, "nginx_server": "location = /old { return 204; }"}
    site.data |= more
    site.apply()
    assert get(web, "/old").status == 204
    for name in more:
        del site.data[name]
    planned = site.plan()
    assert planned == [
        "Nginx | Serve fooproject.se",
        "Nginx | Remove what settings no longer ask for",
        "Nginx | Run Nginx with its configuration",
    ]
    assert site.apply().changed == planned
    assert site.plan() == []
    # The folder of such pages stays, for the one of a closed site.
    [folder] = difference(before, fingerprint(web))
    assert folder.startswith("path /var/lib/fooproject-pages: not there => folder 755 root:root")


def test_a_word_that_is_neither_and_a_host_without_a_site_are_refused(
    web: Host, site: Controller
) -> None:
    for words in ([], ["--data", "on=maybe"]):
        run = site.pyinfra("maintenance.py", "-y", *words, check=False)
        assert run.returncode == 1
        assert "expected --data on=True or --data on=False. Nothing was changed." in run.output
        assert "Traceback" not in run.output
    web.enter("rm /etc/nginx/sites-enabled/default")
    run = site.pyinfra("maintenance.py", "-y", "--data", "on=True", check=False)
    assert "web: serves no site that could be closed; run deploy.py first." in run.output


KEEPS_OUT = """
auth_basic "staging";
auth_basic_user_file /etc/nginx/htpasswd;
"""


@pytest.mark.long
def test_lines_that_keep_visitors_out_keep_them_from_no_more_than_the_site(
    web: Host, site: Controller
) -> None:
    site.data |= {"nginx_server": KEEPS_OUT, "maintenance_page": PAGE, "unavailable_page": AWAY}
    web.write("/etc/nginx/htpasswd", "")
    site.apply()
    assert get(web, "/").status == 401
    # A rollout watches what has switched by this, from the host itself.
    watch = "cd /usr/local/lib/fooproject && python3 -m switch.watch 0"
    assert web.enter(watch).stdout == ""
    close(site)
    answer = get(web, "/")
    assert (answer.status, answer.text) == (503, PAGE)
    close(site, on=False)
    assert get(web, "/").status == 401
    web.enter("supervisorctl stop django")
    told = web.enter(watch, check=False)
    assert told.returncode == 1
    assert "/health does not answer" in told.stdout
