"""What visitors get is looked at from where they come: a run and status.py say who else answers."""

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get, wait_for
from tests.lab import Host

pytestmark = pytest.mark.e2e

SHOP = "/etc/nginx/sites-enabled/shop"
RELOAD = "nginx -t -q && systemctl reload nginx"
DROP_IN = "/etc/systemd/system/nginx.service.d/own.conf"


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
