"""What visitors get is looked at from where they come: a run and status.py say who else answers."""

from functools import partial

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get, wait_for
from tests.lab import Host

pytestmark = [pytest.mark.e2e, pytest.mark.long]

SHOP = "/etc/nginx/sites-enabled/shop"
RELOAD = "nginx -t -q && systemctl reload nginx"
DROP_IN = "/etc/systemd/system/nginx.service.d/own.conf"
LINES = "/etc/nginx/snippets/fooproject-server.conf"
WATCH = "cd /usr/local/lib/fooproject && python3 -m switch.watch 0"
KEPT_OUT = {
    'auth_basic "staging"; auth_basic_user_file /etc/nginx/htpasswd;': 401,
    "deny all;": 403,
    "location ~ \\.(css|js|json)$ { return 404; }": 404,
    'if ($http_x_forwarded_proto != "https") { return 301 https://$host$request_uri; }': 301,
    "location ~ \\.css$ { return 302 https://login.example/; }": 302,
}
"""What a person may have in `nginx_server`, and what visitors of a style sheet get by it."""


def answers(web: Host, status: int) -> bool:
    return get(web, "/static/any.css").status == status


def visitors(site: Controller) -> list[str]:
    told = site.pyinfra("status.py", "--dry").stdout.splitlines()
    return [line.strip() for line in told if line.startswith("    visitors ")]


def test_an_address_that_somebody_elses_site_has_for_itself_is_told(
    site: Controller, web: Host
) -> None:
    assert visitors(site) == []
    listen = f"listen {web.address}:80;"
    web.write(SHOP, f"server {{ {listen} server_name shop.example; return 200 shop; }}\n")
    web.enter(RELOAD)
    wait_for("the shop", lambda: get(web, "/health").text == "shop")

    planned = site.pyinfra("deploy.py", "--dry")
    assert f"Visitors of {web.address}:80 get {SHOP}, and not this site" in planned.output
    [line] = visitors(site)
    assert line.startswith(f"visitors http://{web.address}/static/")
    assert line.endswith("is not the file that was collected: Nginx answers 200 OK: shop")

    (site.project() / "new.txt").write_text("new")
    assert "Nginx answers 200 OK: shop" in site.pyinfra("deploy.py", "-y").output
    site.data["nginx_server"] = listen
    site.apply()
    assert get(web, "/health").status == 200
    assert "shop" not in get(web, "/health").text
    assert get(web, Host="shop.example").text == "shop"
    assert visitors(site) == []
    assert "Visitors of" not in site.pyinfra("deploy.py", "--dry").output


def test_static_files_that_nginx_may_not_read_are_told(site: Controller, web: Host) -> None:
    web.enter("mkdir -p /etc/systemd/system/nginx.service.d")
    web.write(DROP_IN, "[Service]\nProtectHome=yes\n")
    web.enter("systemctl daemon-reload && systemctl restart nginx")
    [line] = visitors(site)
    assert "Nginx answers 403 Forbidden" in line
    (site.project() / "new.txt").write_text("new")
    assert "Nginx answers 403 Forbidden" in site.pyinfra("deploy.py", "-y").output
    web.enter(f"rm {DROP_IN} && systemctl daemon-reload && systemctl restart nginx")
    assert visitors(site) == []


def test_whom_lines_of_a_persons_own_keep_out_is_not_told_and_somebody_elses_site_is(
    site: Controller, web: Host
) -> None:
    web.write("/etc/nginx/htpasswd", "")
    site.data["nginx_server"] = next(iter(KEPT_OUT))
    assert " is not the file that was collected" not in site.apply().output
    for lines, status in KEPT_OUT.items():
        web.write(LINES, f"{lines}\n")
        web.enter(RELOAD)
        wait_for(lines, partial(answers, web, status))
        assert visitors(site) == []
        # By this a rollout looks at what has switched.
        assert web.enter(WATCH).stdout == ""
    web.write(SHOP, f"server {{ listen {web.address}:80; return 200 shop; }}\n")
    web.enter(RELOAD)
    wait_for("the shop", lambda: get(web, "/health").text == "shop")
    [line] = visitors(site)
    assert line.endswith("is not the file that was collected: Nginx answers 200 OK: shop")
