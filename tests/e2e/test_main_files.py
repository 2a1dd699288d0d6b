"""The main files of Nginx and Supervisor are replaced whole: nothing of others goes with them."""

import re

import pytest

from tests.e2e.controller import Controller, Run
from tests.e2e.http import get, wait_for
from tests.e2e.untouched import Untouched
from tests.lab import Host

pytestmark = [pytest.mark.e2e, pytest.mark.long]

NGINX = "/etc/nginx/nginx.conf"
ENABLED = "/etc/nginx/sites-enabled"
SUPERVISOR = "/etc/supervisor/supervisord.conf"
RELOAD = "nginx -t -q && systemctl reload nginx"
FORMAT = "log_format shoplog $remote_addr;"
LOGS = "access_log /var/log/nginx/shop.log shoplog;"


def says(host: Host, name: str) -> str:
    return get(host, Host=name).text


def refused(site: Controller, web: Host) -> Run:
    """What a run that changes nothing says; its plan says the same."""
    for how in ("--dry", "-y"):
        with Untouched(web):
            told = site.pyinfra("deploy.py", how, check=False)
        assert told.returncode == 1
        assert "Nothing was changed." in told.output
        assert "Traceback" not in told.output
    return told


def put_in_http(host: Host, lines: str) -> None:
    host.enter(f"sed -i 's|^http {{|&\\n{lines}|' {NGINX}")


def test_what_other_sites_need_of_nginx_conf_is_named_and_they_stay(
    site: Controller, web: Host
) -> None:
    put_in_http(web, FORMAT)
    web.enter("mkdir /etc/nginx/common")
    web.write("/etc/nginx/common/logs.conf", f"{LOGS}\n")
    web.write(f"{ENABLED}/a", f"server {{ server_name a.example; {LOGS} return 200 a; }}\n")
    include = "include /etc/nginx/common/logs.conf;"
    web.write(f"{ENABLED}/b", f"server {{ server_name b.example; {include} return 200 b; }}\n")
    web.enter(RELOAD)
    wait_for("the sites", lambda: (says(web, "a.example"), says(web, "b.example")) == ("a", "b"))

    told = refused(site, web).output
    assert f'unknown log format "shoplog" in {ENABLED}/a:1' in told
    assert "in /etc/nginx/common/logs.conf:1" in told
    assert "Move what they need to /etc/nginx/conf.d/own.conf" in told

    web.enter(f"sed -i /shoplog/d {NGINX}")
    web.write("/etc/nginx/conf.d/own.conf", f"{FORMAT}\n")
    site.apply()
    assert site.plan() == []
    assert (says(web, "a.example"), says(web, "b.example")) == ("a", "b")
    web.enter("test ! -e /var/backups/replaced")


def test_what_stands_in_nginx_conf_or_is_included_by_it_is_named(
    site: Controller, web: Host
) -> None:
    inline = "server { listen 8081; server_name inline.example; return 200 inline; }"
    put_in_http(web, f"{inline} include /etc/nginx/vhosts.d/*.conf;")
    web.enter("mkdir /etc/nginx/vhosts.d")
    shop = "server { server_name shop.example; return 200 shop; }\n"
    web.write("/etc/nginx/vhosts.d/shop.conf", shop)
    web.enter(RELOAD)
    wait_for("the shop", lambda: says(web, "shop.example") == "shop")

    told = refused(site, web).output
    moved = "the server block of inline.example *:8081, include /etc/nginx/vhosts.d/*.conf"
    assert f"Move to /etc/nginx/conf.d/own.conf: {moved}." in told

    lines = f"include /etc/nginx/vhosts.d/*.conf;\n{inline}\n"
    web.write("/etc/nginx/conf.d/own.conf", lines)
    web.enter(f"sed -i /vhosts/d {NGINX}")
    site.apply()
    assert site.plan() == []
    assert says(web, "shop.example") == "shop"


def test_what_stands_in_supervisord_conf_or_is_included_by_it_is_named(
    site: Controller, web: Host
) -> None:
    inline = "[program:inline]\ncommand=sleep infinity\n[inet_http_server]\nport=127.0.0.1:9001\n"
    legacy = "[program:legacy]\ncommand=sleep infinity\n"
    web.enter("mkdir /etc/supervisord.d")
    web.write("/etc/supervisord.d/legacy.ini", legacy)
    text = web.enter(f"cat {SUPERVISOR}").stdout.rstrip() + " /etc/supervisord.d/*.ini\n"
    web.write(SUPERVISOR, inline + text)
    web.enter("systemctl restart supervisor")

    def run() -> set[str]:
        told = web.enter("supervisorctl status", check=False).stdout.splitlines()
        return {line.split()[0] for line in told if "RUNNING" in line}

    wait_for("all programs", lambda: run() == {"django", "inline", "legacy"})

    told = refused(site, web).output
    assert "Move to /etc/supervisor/conf.d/own.conf: [program:inline], [inet_http_server]." in told
    assert "Move to /etc/supervisor/conf.d, as NAME.conf: /etc/supervisord.d/*.ini." in told

    web.write(SUPERVISOR, text)
    web.write("/etc/supervisor/conf.d/own.conf", inline)
    web.write("/etc/supervisor/conf.d/legacy.conf", legacy)
    web.enter(f"sed -i 's| /etc/supervisord.d.*||' {SUPERVISOR}")
    site.apply()
    assert site.plan() == []
    wait_for("all programs", lambda: run() == {"django", "inline", "legacy"})


def test_what_goes_with_both_main_files_is_told_by_one_plan(site: Controller, web: Host) -> None:
    web.enter(f"echo '[program:mine]' >> {SUPERVISOR}")
    web.enter(f"echo 'command=sleep infinity' >> {SUPERVISOR}")
    put_in_http(web, FORMAT)
    web.write(f"{ENABLED}/a", f"server {{ server_name a.example; {LOGS} return 200 a; }}\n")
    told = refused(site, web).output
    lines = rf"{web.name}: (\S+) would be overwritten, .*Nothing was changed\."
    program, log_format = re.findall(lines, told)
    assert (program, log_format) == (SUPERVISOR, NGINX)
    assert "/etc/supervisor/conf.d/own.conf: [program:mine]." in told
    assert 'unknown log format "shoplog"' in told


def test_a_broken_file_beside_ours_is_named_by_the_plan_and_a_whole_one_stays(
    site: Controller, web: Host
) -> None:
    """Also where nginx.conf is put anew: what can be read without it stays where it is."""
    web.write("/etc/nginx/conf.d/broken.conf", "nonsense;\n")
    shop = "server { server_name shop.example; return 200 shop; }\n"
    web.write(f"{ENABLED}/shop", shop)
    web.enter(f"echo '# by hand' >> {NGINX}")
    planned = site.pyinfra("deploy.py", "--dry")
    named = "/etc/nginx/conf.d/broken.conf"
    assert f"Will be put aside: {named}, which Nginx cannot read" in planned.output
    ran = site.pyinfra("deploy.py", "-y")
    assert f"Nginx cannot read {named}; it is in /var/backups/replaced now." in ran.output
    assert 'unknown directive "nonsense"' in ran.output
    assert site.plan() == []
    assert says(web, "shop.example") == "shop"
    assert web.enter("ls /var/backups/replaced").stdout.count("\n") == 1


@pytest.mark.parametrize(("repository", "is_seen"), [("/srv/repo", True), ("/srv/a,b", False)])
def test_a_plan_leaves_what_linked_folders_of_nginx_hold(
    site: Controller, web: Host, repository: str, is_seen: bool
) -> None:
    """Nginx is asked in a view of these folders, which cannot be made of each."""
    web.enter(f"mkdir {repository}")
    for name in ("sites-enabled", "sites-available", "conf.d", "snippets", "nginx.conf"):
        web.enter(f"mv /etc/nginx/{name} {repository}/")
        web.enter(f"ln -s {repository}/{name} /etc/nginx/{name}")
    web.enter(f"sed -i 's|^http {{|&\\n{FORMAT}|' {repository}/nginx.conf")
    web.write(f"{ENABLED}/a", f"server {{ server_name a.example; {LOGS} return 200 a; }}\n")
    web.write(f"{ENABLED}/b", "server { server_name b.example; return 200 b; }\n")
    web.enter(RELOAD)
    web.write("/etc/nginx/conf.d/broken.conf", "nonsense;\n")
    look = f"find {repository} -type f -exec sha256sum {{}} + -o -type l -printf '%p %l\\n' | sort"
    before = web.enter(look).stdout

    told = site.pyinfra("deploy.py", "--dry", check=False).output
    assert web.enter(look).stdout == before
    assert (f'unknown log format "shoplog" in {ENABLED}/a:1' in told) == is_seen
    assert f"{ENABLED}/b" not in told


def test_the_plan_names_all_that_is_put_aside_also_where_nginx_is_down(
    site: Controller, web: Host
) -> None:
    paths = ["/etc/nginx/conf.d/one.conf", "/etc/nginx/conf.d/two.conf", f"{ENABLED}/three"]
    whole = f"{ENABLED}/whole"
    for path in paths:
        web.write(path, "nonsense;\n")
    web.write(whole, "server { server_name whole.example; return 200 whole; }\n")
    told = f"Will be put aside: {'; '.join(paths)}, which Nginx cannot read"
    assert told in site.pyinfra("deploy.py", "--dry").output
    web.enter("systemctl stop nginx")
    assert told in site.pyinfra("deploy.py", "--dry").output
    site.apply()
    assert site.plan() == []
    assert says(web, "whole.example") == "whole"
    assert web.enter("ls /var/backups/replaced").stdout.count("\n") == len(paths)


@pytest.mark.parametrize("before", ["", "/modules-enabled/d"], ids=["ours", "without_modules"])
def test_a_module_that_nginx_cannot_load_is_named_before_anything_changes(
    site: Controller, web: Host, before: str
) -> None:
    """Also where the nginx.conf to come is the first that includes modules."""
    path = "/etc/nginx/modules-enabled/50-gone.conf"
    web.enter(f"sed -i '{before}' {NGINX} && ln -s /nowhere {path}")
    told = refused(site, web).output
    assert f"remove it (rm {path}), or install the module that it loads. It says:" in told

    web.enter(f"rm {path}")
    web.write(path, "load_module modules/nothing.so;\n")
    assert f"remove it (rm {path}), or install" in refused(site, web).output

    web.enter(f"rm {path}")
    site.apply()
    assert site.plan() == []


def test_a_link_to_nowhere_beside_our_site_is_named_before_anything_changes(
    site: Controller, web: Host
) -> None:
    web.enter(f"ln -s /nowhere {ENABLED}/gone")
    told = refused(site, web).output
    assert f"Nginx cannot read {ENABLED}/gone; remove it (rm {ENABLED}/gone). It says:" in told
