"""The article's system, looked at from outside, on every system that is supported."""

import gzip
import hashlib
import http.client
import os
import re
from collections.abc import Callable, Iterator
from email.utils import parsedate_to_datetime

import pytest

from stack.host.systems import SYSTEMS
from tests.e2e.conftest import DEPLOYED
from tests.e2e.controller import Controller
from tests.e2e.http import get, post, request, wait_for
from tests.e2e.systems import every_system, host_of
from tests.lab import Host, Lab
from tests.lab.systems import System, default

pytestmark = pytest.mark.e2e

ARTICLE = "article"
HOME = "/home/fooproject"
MEGABYTE = 1024 * 1024
DATABASE = f"{HOME}/shared/data/db.sqlite3"
SKELETON = {f"{HOME}/{name}" for name in (".bashrc", ".profile", ".bash_logout")}
"""What useradd puts into every home; others may read it, and there is nothing in it."""


@pytest.fixture(scope="module", params=every_system())
def host(
    request: pytest.FixtureRequest,
    lab: Lab,
    deployed_web: Host,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Host]:
    """A host with the sample project live."""
    system: System = request.param
    if system == deployed_web.system:
        host = lab.host("article", layer=DEPLOYED)
    else:
        host = host_of(lab, "article", system)
        Controller(tmp_path_factory.mktemp("article"), lab, [host]).apply()
    host.snapshot(ARTICLE)
    wait_until_up(host)
    yield host
    host.power_off()


@pytest.fixture
def changed(host: Host) -> Iterator[Host]:
    """The same host, for a test that would leave it otherwise."""
    yield host
    host.reset(to=ARTICLE)
    wait_until_up(host)


def wait_until_up(host: Host) -> None:
    wait_for("the site is up", lambda: get(host, "/health").status == 200)


def test_its_python_is_the_one_that_projects_are_told_of(host: Host) -> None:
    version = host.enter("python3 -c 'import platform; print(platform.python_version())'").stdout
    [its] = [one for one in SYSTEMS if host.system == f"{one.id}-{one.version}"]
    assert version == f"{its.python}\n"


def static_paths(host: Host) -> dict[str, str]:
    """The page's own static files by their suffixes."""
    found = re.findall(r'"(/static/[^"]+\.(\w+))"', get(host).text)
    return {suffix: path for path, suffix in found}


def header_lines(host: Host, path: str, name: str) -> list[str]:
    """Each header line of that name, when gzip is asked for."""
    connection = http.client.HTTPConnection(host.address, 80, timeout=20)
    try:
        connection.request(
            "GET", path, headers={"Host": "fooproject.se", "Accept-Encoding": "gzip"}
        )
        return connection.getresponse().headers.get_all(name) or []
    finally:
        connection.close()


# Over HTTP


def test_the_page_is_served(host: Host) -> None:
    page = get(host)
    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert get(host, "/health").json["release"] in page.text


def test_a_static_file_is_to_be_kept_for_30_days_and_one_with_a_hash_for_good(host: Host) -> None:
    paths = static_paths(host)
    assert {*paths} >= {"css", "js"}
    for path in paths.values():
        hashed = get(host, path)
        assert hashed.status == 200
        assert hashed.headers["cache-control"] == "max-age=31536000, public, immutable"
        answer = get(host, re.sub(r"\.[0-9a-f]{12}\.", ".", path))
        assert answer.status == 200
        assert answer.headers["cache-control"] == "max-age=2592000"
        sent, expires = (parsedate_to_datetime(answer.headers[n]) for n in ("date", "expires"))
        assert (expires - sent).days == 30


@pytest.mark.parametrize("what", ["page", "css", "js"])
def test_text_is_compressed_for_who_asks(host: Host, what: str) -> None:
    path = "/" if what == "page" else static_paths(host)[what]
    plain, packed = get(host, path), get(host, path, Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert "Accept-Encoding" in header_lines(host, path, "Vary")
    unpacked = gzip.decompress(packed.body)
    if what == "page":
        # Tokens in it differ from one answer to the next.
        assert b"<h1>Guestbook</h1>" in unpacked
    else:
        assert unpacked == plain.body


def test_django_sees_the_visitor_and_not_what_he_claims(host: Host) -> None:
    seen = get(
        host,
        "/api/headers",
        X_Real_IP="192.0.2.7",
        X_Scheme="https",
        X_Forwarded_Protocol="https",
        X_Forwarded_For="192.0.2.7",
        X_Forwarded_Proto="https",
        X_Forwarded_Ssl="on",
        X_Forwarded_Host="evil.example",
        X_Forwarded_Port="1",
        Forwarded="for=192.0.2.7;proto=https",
    ).json
    visitor = seen["X-Real-IP"]
    # The first address of the lab's network is this machine's.
    assert visitor == host.address.rpartition(".")[0] + ".1"
    assert seen == {
        "Host": "fooproject.se",
        "X-Real-IP": visitor,
        "X-Scheme": "http",
        "X-Forwarded-Protocol": "http",
        "X-Forwarded-For": visitor,
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Ssl": "off",
        "X-Forwarded-Host": None,
        "X-Forwarded-Port": None,
        "Forwarded": None,
        "REMOTE_ADDR": "127.0.0.1",
        "is_secure": False,
    }


def test_50_megabytes_are_taken_and_not_a_byte_more(host: Host) -> None:
    body = os.urandom(50 * MEGABYTE)
    answer = post(host, "/api/upload", body)
    assert answer.json == {"length": len(body), "sha256": hashlib.sha256(body).hexdigest()}
    # Nginx refuses by the length alone, so the body need not be sent.
    too_long = str(len(body) + 1)
    assert request(host, "POST", "/api/upload", None, 20, Content_Length=too_long).status == 413


# As the project's user


def test_the_user_is_as_the_article_makes_him(host: Host) -> None:
    entry = host.enter("getent passwd fooproject").stdout.strip().split(":")
    assert entry[5:] == [HOME, "/bin/bash"]
    assert host.enter("id -gn fooproject").stdout == "users\n"
    groups = set(host.enter("id -Gn fooproject").stdout.split())
    assert groups == {"users", "sudo", "nogroup", "fooproject"}


def test_the_user_looks_and_restarts_without_root(host: Host) -> None:
    def as_user(command: str) -> str:
        return host.enter(f"runuser -u fooproject -- {command}").stdout

    def status() -> str:
        return host.enter("supervisorctl status", user="fooproject", check=False).stdout

    assert host.enter("sudo -n true", user="fooproject", check=False).returncode != 0
    wait_for("a status", lambda: re.match(r"django +RUNNING +pid \d+", status()))
    before = as_user("supervisorctl pid django")
    assert as_user("supervisorctl restart django") == "django: stopped\ndjango: started\n"
    assert as_user("supervisorctl pid django") != before
    assert get(host).status == 200


def test_other_users_have_no_say(host: Host) -> None:
    refused = host.enter("supervisorctl restart django", user="deployer", check=False)
    assert refused.returncode != 0
    assert "PermissionError" in refused.stdout + refused.stderr


@pytest.mark.parametrize(
    ("by", "login"), [("root", "su - fooproject"), ("deployer", "sudo -iu fooproject")]
)
def test_workon_works_in_a_login_shell(host: Host, by: str, login: str) -> None:
    script = """
        workon fooproject
        readlink -f ~/.virtualenvs/fooproject
        echo "$VIRTUAL_ENV"
        python -c 'import django, gunicorn, sys; print(sys.prefix)'
    """
    wanted, *told = host.enter(login, user=by, input=script).stdout.splitlines()[-3:]
    assert wanted.startswith(f"{HOME}/.virtualenvs/")
    assert told == [wanted, wanted]


def test_workon_is_the_users_alone(host: Host) -> None:
    if host.enter("test -e /etc/profile.d/virtualenvwrapper.sh", check=False).returncode == 0:
        pytest.skip("the package itself gives it to everybody here, as from Ubuntu 26.04 on")
    done = host.enter("su - deployer", input="type workon\n", check=False)
    assert (done.returncode, done.stdout) == (1, "")


def test_the_user_reads_the_logs(host: Host) -> None:
    def lines(name: str) -> str:
        return host.enter(f"cat ~/logs/{name}", user="fooproject").stdout

    # Nginx writes a line after it has answered.
    def written() -> bool:
        return all(path in lines(name) for path, name in asked.items())

    asked = {
        "/?in=access": "nginx.access.log",
        "/static/no-such-file": "nginx.error.log",
        "/no-such-page": "gunicorn.log",
    }
    for path in asked:
        get(host, path)
    wait_for("lines in the logs", written)
    assert "Listening at: http://127.0.0.1:8000" in lines("gunicorn.log")
    assert host.enter("cat /var/log/fooproject/*", user="deployer", check=False).stdout == ""


@pytest.mark.parametrize("host", [default()], indirect=True)
def test_the_user_reads_the_logs_after_they_were_rotated(host: Host) -> None:
    def log(name: str) -> str:
        return host.enter(f"cat ~/logs/{name}", user="fooproject").stdout

    def is_in_new_log() -> bool:
        get(host, "/?after")
        return "/?after" in log("nginx.access.log")

    install = "apt-get install -y -q logrotate"
    host.enter(f"{install} || {{ apt-get update && {install}; }}")
    get(host, "/?before")
    wait_for("a line in the log", lambda: "/?before" in log("nginx.access.log"))
    host.enter("logrotate -f /etc/logrotate.d/fooproject")
    wait_for("a line in the new log", is_in_new_log)
    assert "/?before" not in log("nginx.access.log")
    assert "/?before" in log("nginx.access.log.1")


def test_others_can_read_the_static_files_and_nothing_else(host: Host) -> None:
    # The names from root: others cannot list what they may pass through.
    readable = f"""
        find {HOME} /usr/local/lib/fooproject -type f -print0 | runuser -u nobody -- \
            xargs -0 sh -c 'for f; do if [ -r "$f" ]; then echo "$f"; fi; done' sh
    """
    found = set(host.enter(readable).stdout.splitlines())
    code = host.enter(f"readlink -f {HOME}/fooproject/src").stdout.strip()
    static = {path for path in found if path.startswith(f"{code}/static/")}
    scripts = {path for path in found if path.startswith("/usr/local/lib/fooproject/")}
    caches = {path for path in found if path.startswith(f"{HOME}/.cache/")}
    assert len(static) >= 6
    assert found - static - scripts - caches <= SKELETON
    for path in (f"{code}/manage.py", f"{HOME}/fooproject/with-env", DATABASE):
        for user in ("nobody", "deployer", "www-data"):
            refused = host.enter(f"runuser -u {user} -- cat {path}", check=False)
            assert (refused.returncode, refused.stdout) == (1, ""), f"{user} reads {path}"


# The programs' own judgement


def test_nginx_and_gunicorn_take_their_configuration(host: Host) -> None:
    told = host.enter("nginx -t").stderr
    assert "test is successful" in told
    assert "warn" not in told
    live = f"{HOME}/fooproject"
    host.enter(
        f"cd {live}/src && {live}/with-env gunicorn --check-config -w 3 -t 60 fooproject.wsgi",
        user="fooproject",
    )
    assert host.enter("supervisorctl reread").stdout == "No config updates to processes\n"


# Over time


def test_after_a_reboot_the_site_is_back_by_itself(
    host: Host, controller: Callable[..., Controller]
) -> None:
    host.reboot()
    wait_until_up(host)
    assert controller(host).plan() == []


def test_two_changes_of_nginx_one_after_the_other_are_both_served(
    changed: Host, controller: Callable[..., Controller]
) -> None:
    site = controller(changed)
    for limit in (1, 3):
        too_long = str(limit * MEGABYTE + 1)
        site.data["client_max_body_size"] = f"{limit}M"
        site.apply()
        assert post(changed, "/api/upload", bytes(limit * MEGABYTE)).status == 200
        refused = request(changed, "POST", "/api/upload", None, 20, Content_Length=too_long)
        assert refused.status == 413
    assert site.plan() == []
