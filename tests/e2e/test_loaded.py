"""What Nginx runs with is what is on disk, wherever that is; where it is not, it is said why."""

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import get
from tests.lab import Host

pytestmark = [pytest.mark.e2e, pytest.mark.long]

SHOP = "/etc/nginx/sites-enabled/shop"
RELOAD = "nginx -t -q && systemctl reload nginx"
DROP_IN = "/etc/systemd/system/nginx.service.d/own.conf"


def test_a_change_that_nginx_has_not_read_is_found_where_its_folder_is_a_link(
    site: Controller, web: Host
) -> None:
    shop = "server { server_name shop.example; return 200 shop; }\n"
    web.enter("mv /etc/nginx /srv/conf && ln -s /srv/conf /etc/nginx && mkdir /srv/sites")
    web.write("/srv/sites/shop", shop)
    web.enter(f"ln -s /srv/sites/shop {SHOP}")
    site.apply()
    assert site.plan() == []

    # Loaded, and changed back on disk: in Nginx's folder, and in a file that a link leads to.
    mime, load = "/etc/nginx/mime.types", ["Nginx | Run Nginx with its configuration"]
    web.enter(f"cp -p {mime} /root/mime; echo '# by hand' >> {mime}; {RELOAD}; sleep 0.1")
    web.enter(f"cat /root/mime > {mime}")
    assert site.plan() == load
    assert site.apply().changed == load
    assert site.plan() == []
    web.write("/srv/sites/shop", shop.replace("200 shop", "200 new"))
    assert site.plan() == load
    assert site.apply().changed == load
    assert get(web, Host="shop.example").text == "new"
    assert site.plan() == []


def test_why_nginx_did_not_take_its_files_is_told_by_its_log(site: Controller, web: Host) -> None:
    """With a file system that is read-only for it alone, which nginx -t knows nothing of."""
    writes = "ReadWritePaths=/var/log/nginx /var/lib/nginx /run"
    web.enter("mkdir -p /etc/systemd/system/nginx.service.d")
    web.write(DROP_IN, f"[Service]\nProtectSystem=strict\n{writes} /var/log/fooproject\n")
    # As Debian's has it, outside of http: then nothing of it goes to the journal.
    web.enter("sed -i '1i error_log /var/log/nginx/error.log;' /etc/nginx/nginx.conf")
    web.enter("systemctl daemon-reload && systemctl restart nginx; mkdir /srv/logs")
    logs = "access_log /srv/logs/shop.log;"
    web.write(SHOP, f"server {{ server_name shop.example; {logs} return 200 shop; }}\n")
    told = site.pyinfra("deploy.py", "-y", check=False)
    assert told.returncode == 1
    assert "Nginx did not take the new configuration; its own words:" in told.output
    assert "[emerg]" in told.output
    assert '"/srv/logs/shop.log" failed (30: Read-only file system)' in told.output
