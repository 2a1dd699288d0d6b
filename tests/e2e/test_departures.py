"""Why this departs from the article: its values, put in by hand, fail where ours hold.

The environment's own file, where Supervisor's `environment` would be the article's place, is held
to what it promises in test_environment.py.
"""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests.e2e.controller import Controller
from tests.e2e.http import Answer, get, post, request, wait_for
from tests.e2e.workers import wait_for_site
from tests.lab import Host

pytestmark = pytest.mark.e2e

HOME = "/home/fooproject"
LOGS = "/var/log/fooproject"
MEGABYTE = 1024 * 1024
NGINX = "/etc/nginx/nginx.conf"
SITE = "/etc/nginx/sites-available/default"
PROGRAM = "/etc/supervisor/conf.d/fooproject.conf"
SUPERVISOR = "/etc/supervisor/supervisord.conf"
TICKS = "for pid in $(pgrep -x nginx); do cut -d ' ' -f 14,15 /proc/$pid/stat; done"
RELOAD_NGINX = "nginx -t -q && systemctl reload nginx"


def edit(host: Host, path: str, pattern: str, new: str) -> None:
    """Change one line of a file by hand: of the site, the first, which most pages are asked by."""
    text = host.enter(f"cat {path}").stdout
    text, count = re.subn(pattern, new, text, count=1, flags=re.MULTILINE)
    assert count == 1, f"{path} has no {pattern}"
    host.write(path, text)


def set_program(host: Host, key: str, value: str) -> None:
    """Change a line of Supervisor's program by hand, and have it run with that."""
    edit(host, PROGRAM, f"^{key}=.*$", f"{key}={value}")
    assert "updated process group" in host.enter("supervisorctl update").stdout
    wait_for_site(host)


def reload_nginx(host: Host) -> None:
    """Reload Nginx, and wait until its old workers are gone."""

    def workers() -> set[str]:
        found = host.enter("pgrep -fx 'nginx: worker process'", check=False).stdout
        return set(found.split())

    before = workers()
    host.enter(RELOAD_NGINX)
    wait_for("new workers alone", lambda: workers() and not workers() & before)


@contextmanager
def slow_request(host: Host, seconds: int) -> Iterator[list[Answer]]:
    """A request that Gunicorn is busy with in the block; its answer is in the list afterwards."""
    answers: list[Answer] = []
    path = f"/api/slow?seconds={seconds}"
    visitor = threading.Thread(target=lambda: answers.append(get(host, path)))
    visitor.start()
    try:
        arrived = "ss -Htn state established dport = :8000 | grep ."
        wait_for("the request", lambda: host.enter(arrived, check=False).returncode == 0)
        yield answers
    finally:
        visitor.join()


# Nginx


def test_nginx_reloads_more_than_once(web: Host) -> None:
    def refuses(megabytes: int) -> bool:
        length = str(megabytes * MEGABYTE)
        return request(web, "POST", "/api/upload", None, 20, Content_Length=length).status == 413

    edit(web, SITE, "client_max_body_size .*;", "client_max_body_size 8M;")
    reload_nginx(web)
    edit(web, SITE, "client_max_body_size .*;", "client_max_body_size 4M;")
    reload_nginx(web)
    assert refuses(5)

    edit(web, NGINX, "^pid .*;$", "pid /var/run/nginx.pid;")
    reload_nginx(web)
    edit(web, SITE, "client_max_body_size .*;", "client_max_body_size 1M;")
    failed = web.enter(RELOAD_NGINX, check=False)
    assert failed.returncode != 0
    assert post(web, "/api/upload", bytes(2 * MEGABYTE)).status == 200


def test_a_module_of_debians_is_there_for_the_sites_that_use_it(web: Host) -> None:
    package = "libnginx-mod-http-headers-more-filter"
    web.enter(f"DEBIAN_FRONTEND=noninteractive apt-get install -qy {package}", timeout=120)
    uses = 'more_set_headers "X-Shop: open";'
    shop = f"server {{ server_name shop.example; {uses} return 200 shop; }}\n"
    web.write("/etc/nginx/sites-enabled/shop", shop)
    reload_nginx(web)
    assert get(web, Host="shop.example").headers["x-shop"] == "open"

    edit(web, NGINX, "^include /etc/nginx/modules-enabled.*$", "")
    refused = web.enter("nginx -t -q", check=False)
    assert 'unknown directive "more_set_headers"' in refused.stderr


def test_a_path_reaches_django_as_it_was_asked_for(web: Host) -> None:
    for path in ("/api/path/a//b", "/api/path//a%2Fb%20c/%2e%2e/d"):
        assert get(web, path).json["path"] == path
    edit(web, SITE, "proxy_pass .*;", "proxy_pass http://127.0.0.1:8000/;")
    reload_nginx(web)
    assert get(web, "/api/path/a//b").json["path"] == "/api/path/a/b"


def test_django_is_told_of_the_host_that_the_site_was_chosen_by(web: Host) -> None:
    named = "http://fooproject.se/api/headers"
    assert get(web, named, Host="other.example").json["Host"] == "fooproject.se"
    for host in ("fooproject.se", "fooproject.se:8080", "FooProject.se.:8080"):
        assert get(web, "/api/headers", Host=host).json["Host"] == host
    edit(web, SITE, "proxy_set_header Host .*;", "proxy_set_header Host $http_host;")
    reload_nginx(web)
    # Django refuses a name that is not its own; another project's Nginx might not.
    assert get(web, named, Host="other.example").status == 400


def test_a_visitor_has_one_address_and_one_scheme(web: Host) -> None:
    claims: dict[str, Any] = {"X_Forwarded_For": "192.0.2.7", "X_Forwarded_Ssl": "on"}
    claims["X_Forwarded_Proto"] = "https"
    seen = get(web, "/api/headers", **claims)
    assert (seen.status, seen.json["X-Forwarded-For"]) == (200, seen.json["X-Real-IP"])
    forwarded = "proxy_set_header X-Forwarded-For"
    edit(web, SITE, f"{forwarded} .*;", f"{forwarded} $proxy_add_x_forwarded_for;")
    edit(web, SITE, "^ *proxy_set_header X-Forwarded-Proto .*;", "")
    reload_nginx(web)
    assert get(web, "/api/headers", **claims).status == 400
    del claims["X_Forwarded_Proto"]
    assert get(web, "/api/headers", **claims).json["X-Forwarded-For"].startswith("192.0.2.7, ")


def test_an_answer_may_have_long_headers(web: Host) -> None:
    assert get(web, "/api/long-header").status == 200
    edit(web, SITE, "^ *proxy_buffer_size .*;", "")
    edit(web, SITE, "^ *proxy_buffers .*;", "")
    reload_nginx(web)
    assert get(web, "/api/long-header").status == 502


def test_javascript_is_compressed(web: Host) -> None:
    [hashed] = re.findall(r'"(/static/[^"]+\.js)"', get(web).text)
    # With a hash in its name, it was compressed when the release was built.
    path = re.sub(r"\.[0-9a-f]{12}\.", ".", hashed)
    assert get(web, path, Accept_Encoding="gzip").headers["content-encoding"] == "gzip"

    edit(web, NGINX, " application/javascript ", " ")
    reload_nginx(web)
    assert "content-encoding" not in get(web, path, Accept_Encoding="gzip").headers


def test_only_static_files_are_taken_from_django(web: Host) -> None:
    def is_from_django(path: str) -> bool:
        return "x-frame-options" in get(web, path).headers

    beside = f"{HOME}/fooproject/src/static-notes.txt"
    web.enter(f"touch {beside} && chmod 644 {beside}")
    assert is_from_django("/static-pages")
    assert is_from_django("/static-notes.txt")

    edit(web, SITE, "location /static/ {", "location /static {")
    edit(web, SITE, r"(alias .*)/;", r"\1;")
    edit(web, SITE, "^ *error_page 404 405 .*;", "")
    reload_nginx(web)
    assert not is_from_django("/static-pages")
    assert get(web, "/static-notes.txt").status == 200


@pytest.mark.matrix
def test_nginx_waits_as_long_as_gunicorn_may_take(site: Controller, web: Host) -> None:
    api = site.project() / "guestbook" / "api.py"
    api.write_text(api.read_text().replace("MAX_SECONDS = 10.0", "MAX_SECONDS = 100.0"))
    site.data["timeout_seconds"] = 90
    site.apply()
    assert get(web, "/api/slow?seconds=63", limit=80).status == 200

    edit(web, SITE, "^ *proxy_read_timeout .*;\n", "")
    reload_nginx(web)
    assert get(web, "/api/slow?seconds=63", limit=80).status == 504


# Supervisor


@pytest.mark.parametrize(
    ("key", "article"),
    [("stopsignal", "INT"), ("stopwaitsecs", "2")],
)
@pytest.mark.long
def test_a_restart_lets_requests_finish(web: Host, key: str, article: str) -> None:
    with slow_request(web, 8) as ours:
        web.enter("supervisorctl restart django", user="fooproject")
    set_program(web, key, article)
    with slow_request(web, 8) as theirs:
        web.enter("supervisorctl restart django", user="fooproject")
    assert ours[0].status == 200
    assert theirs[0].status >= 500


def test_a_port_in_the_environment_opens_gunicorn_to_nobody(web: Host) -> None:
    def addresses() -> set[str]:
        told = web.enter("ss -Hlntp | grep gunicorn").stdout
        return {line.split()[3] for line in told.splitlines()}

    edit(web, PROGRAM, "/with-env ", "/with-env env PORT=8000 ")
    web.enter("supervisorctl update")
    wait_for("it is back", lambda: get(web, "/health").status == 200)
    assert addresses() == {"127.0.0.1:8000"}
    edit(web, PROGRAM, "-b 127.0.0.1:8000 ", "")
    web.enter("supervisorctl update")
    wait_for("it is back", lambda: get(web, "/health").status == 200)
    assert addresses() == {"0.0.0.0:8000"}


def test_a_killed_gunicorn_comes_back(web: Host) -> None:
    def pid() -> str:
        return web.enter("supervisorctl pid django", check=False).stdout

    def status() -> str:
        return web.enter("supervisorctl status django", check=False).stdout

    killed = pid()
    web.enter(f"kill -9 {killed}")
    wait_for("another Gunicorn", lambda: pid() not in (killed, "0\n"))
    # Its workers outlive it, and answer: the site is back once it has workers of its own.
    wait_for_site(web)

    set_program(web, "autorestart", "false")
    # One that ends before its `startsecs` is started again all the same.
    wait_for("it counts as started", lambda: "RUNNING" in status())
    web.enter(f"kill -9 {pid()}")
    wait_for("the site is gone", lambda: get(web, "/health").status == 502)
    # Supervisor starts nothing that has ended in this state.
    assert "EXITED" in status()


@pytest.mark.parametrize(("value", "left"), [("true", 0), ("false", 1)])
@pytest.mark.long
def test_no_worker_outlives_a_gunicorn_that_had_to_be_killed(
    web: Host, value: str, left: int
) -> None:
    edit(web, PROGRAM, "^killasgroup=.*$", f"killasgroup={value}")
    # Killing is for what hangs longer than a test can wait.
    set_program(web, "stopwaitsecs", "1")
    with slow_request(web, 10):
        web.enter("supervisorctl stop django")
        wait_for("idle workers leave", lambda: len(gunicorns(web)) <= 1)
        assert len(gunicorns(web)) == left


def gunicorns(host: Host) -> list[str]:
    return host.enter("pgrep -u fooproject -f bin/gunicorn", check=False).stdout.split()


@pytest.mark.parametrize(
    ("path", "pattern", "name", "load"),
    [
        (PROGRAM, "^stdout_logfile=.*$", "gunicorn.log", "supervisorctl update"),
        (SITE, r"error_log .*(?=;$)", "nginx.error.log", RELOAD_NGINX),
    ],
    ids=["supervisor", "nginx"],
)
def test_root_writes_no_log_where_the_user_says(
    web: Host, path: str, pattern: str, name: str, load: str
) -> None:
    def is_planted() -> bool:
        return web.enter("test -e /etc/cron.d/planted", check=False).returncode == 0

    plant = f"rm -r ~/logs; mkdir ~/logs; ln -s /etc/cron.d/planted ~/logs/{name}"
    web.enter(plant, user="fooproject")
    web.enter("systemctl restart supervisor")
    wait_for_site(web)
    reload_nginx(web)
    assert not is_planted()

    line = re.findall(pattern, web.enter(f"cat {path}").stdout, flags=re.MULTILINE)[0]
    edit(web, path, pattern, line.replace(LOGS, f"{HOME}/logs"))
    web.enter(load)
    wait_for("the file that the user planted", is_planted)
    assert web.enter("stat -c %U /etc/cron.d/planted").stdout == "root\n"


def test_supervisor_needs_more_than_the_article_shows(deployed_web: Host) -> None:
    shown = deployed_web.enter(f"cat {SUPERVISOR}").stdout.partition("[supervisord]")[0]
    assert shown.startswith("[unix_http_server]\n")
    deployed_web.write("/tmp/shown.conf", shown)
    for command in ("supervisord -n", "supervisorctl"):
        refused = deployed_web.enter(f"{command} -c /tmp/shown.conf", check=False)
        assert refused.returncode != 0
        assert "does not include" in refused.stdout + refused.stderr


SPELLINGS = """
import contextlib, io, json, sys
from supervisor.options import ServerOptions

def told(spelling):
    with open("/tmp/spelling.conf", "w") as file:
        file.write(f"[supervisord]\\n[program:x]\\ncommand=x\\nenvironment=X={spelling}\\n")
    options = ServerOptions()
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            options.realize(["-c", "/tmp/spelling.conf"])
    except SystemExit:
        return None
    return options.process_group_configs[0].process_configs[0].environment.get("X")

print(json.dumps([told(spelling) for spelling in json.load(sys.stdin)]))
"""


@pytest.mark.parametrize("value", ['say "yes"', "one ; two", "one # two"])
def test_supervisor_has_no_way_to_write_every_value(deployed_web: Host, value: str) -> None:
    def told(text: str) -> list[str | None]:
        escaped = re.sub(r'(["#;])', r"\\\1", text)
        doubled = re.sub(r'(["#;])', r"\1\1", text)
        ways = [way for t in (text, escaped, doubled) for way in (t, f'"{t}"', f"'{t}'")]
        deployed_web.write("/tmp/spellings.py", SPELLINGS)
        answer = deployed_web.enter("python3 /tmp/spellings.py", input=json.dumps(ways)).stdout
        return list(json.loads(answer))

    assert "plain" in told("plain")
    assert value not in told(value)


def test_compressing_a_script_anew_for_each_visitor_takes_nginx_many_times_the_time(
    web: Host,
) -> None:
    def spent() -> int:
        """Hundredths of a second of a processor, of 100 answers."""
        before = sum(map(int, web.enter(TICKS).stdout.split()))
        for _ in range(100):
            assert get(web, "/static/app.deadbeef.js", Accept_Encoding="gzip").status == 200
        return sum(map(int, web.enter(TICKS).stdout.split())) - before

    script = "".join(f"var name{number} = {number * number};\n" for number in range(20_000))
    path = f"{HOME}/fooproject/src/static/app.deadbeef.js"
    web.enter(f"cat > {path}; gzip -k {path}", user="fooproject", input=script)
    kept = spent()
    edit(web, SITE, "gzip_static on", "gzip_static off")
    reload_nginx(web)
    assert spent() > 10 * max(kept, 1)


# The user


def test_nginx_passes_through_a_home_that_others_cannot_look_into(web: Host) -> None:
    def others_look() -> bool:
        return web.enter(f"ls {HOME}", user="deployer", check=False).returncode == 0

    [path] = re.findall(r'"(/static/[^"]+\.css)"', get(web).text)
    assert get(web, path).status == 200
    assert not others_look()

    web.enter("useradd -g users -G sudo,nogroup -m plain")
    # Debian 12's useradd and Debian 13's.
    assert web.enter("stat -c %a /home/plain").stdout.strip() in ("755", "700")
    web.enter(f"chmod 755 {HOME}")
    assert others_look()
    web.enter(f"chmod 700 {HOME}")
    assert get(web, path).status == 403


def test_useradd_alone_gives_a_shell_without_workon(web: Host) -> None:
    def knows_workon(user: str) -> bool:
        return web.enter(f"su - {user}", input="type workon\n", check=False).returncode == 0

    web.enter("useradd -g users -G sudo,nogroup -m plain")
    shell = web.enter("getent passwd plain").stdout.strip().rpartition(":")[2]
    assert knows_workon("fooproject")

    web.enter(f"usermod -s {shell or '/bin/sh'} fooproject")
    assert not knows_workon("fooproject")


def test_debian_has_no_python_dev(deployed_web: Host) -> None:
    def is_there(package: str) -> bool:
        return deployed_web.enter(f"apt-get install -s {package}", check=False).returncode == 0

    assert is_there("python3-dev")
    assert not is_there("python-dev")
