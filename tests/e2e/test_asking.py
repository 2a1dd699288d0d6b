"""What the switch asks and believes before it lets a release have visitors, and says afterwards."""

from collections.abc import Callable

import pytest

from tests.e2e.controller import Controller, Run
from tests.e2e.faults import assert_clean, assert_told, deploy, fingerprint, still_served
from tests.e2e.http import get, release_at, wait_for
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

TO_HTTPS = """
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
"""
RAISES = """
def health(request):
    raise RuntimeError("on every page")
"""
WITH_A_SLASH = """
urlpatterns = [p for p in urlpatterns if getattr(p, "name", "") != "health"]
urlpatterns += [path("health/", views.health)]
"""
QUIET = """
LOGGING = {}
"""
FRONT = ["192.0.2.1"]


def append(site: Controller, path: str, text: str) -> None:
    file = site.project() / path
    file.write_text(file.read_text() + text)


@pytest.fixture
def fresh(standing: Host, controller: Callable[..., Controller]) -> Controller:
    """A controller with a project that is another release than any before."""
    site = controller(standing)
    (site.project() / "changed.txt").write_text(str(site.folder))
    return site


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("fooproject/settings.py", TO_HTTPS, "RuntimeError: on every page"),
        pytest.param(
            *("guestbook/urls.py", WITH_A_SLASH, "RuntimeError: on every page"),
            marks=pytest.mark.matrix,
        ),
    ],
    ids=["by https", "with a slash"],
)
@pytest.mark.long
def test_a_redirect_to_the_page_itself_hides_no_page_that_raises(
    fresh: Controller, path: str, text: str, told: str
) -> None:
    append(fresh, path, text)
    append(fresh, "guestbook/views.py", RAISES)
    fresh.data["trusted_proxies"] = FRONT
    with still_served(*fresh.hosts):
        run = deploy(fresh)
    assert_told(run, told, "/health answers 500", "is still being served")


@pytest.mark.long
def test_a_site_that_is_https_alone_needs_a_front_to_go_live(
    standing: Host, fresh: Controller
) -> None:
    append(fresh, "fooproject/settings.py", TO_HTTPS)
    with still_served(standing):
        run = deploy(fresh)
    assert_told(run, "https://fooproject.se/health", "name the proxy", "trusted_proxies")
    fresh.data["trusted_proxies"] = FRONT
    fresh.apply()
    assert get(standing, "/health").headers["location"] == "https://fooproject.se/health"
    assert fresh.plan() == []
    # Also through Nginx, which believes no visitor from the host itself, and for `status.py`.
    watched = "cd /usr/local/lib/fooproject && python3 -B -m switch.watch 0"
    assert standing.enter(watched).stdout == ""
    assert "health   ok" in fresh.pyinfra("status.py").stdout


def test_a_page_that_raises_in_silence_is_told_with_its_exception(
    web: Host, site: Controller
) -> None:
    append(site, "fooproject/settings.py", QUIET)
    missing = "Missing staticfiles manifest entry for 'site.css'"
    append(site, "guestbook/views.py", RAISES.replace("on every page", missing))
    with still_served(web):
        run = deploy(site)
    assert_told(run, "in health", f"RuntimeError: {missing}", "/health answers 500")
    assert "set collectstatic = False" in run.output
    assert "<" not in run.output.partition("/health answers 500")[2]


@pytest.mark.long
def test_what_supervisor_cannot_read_is_named_before_it_is_touched(
    web: Host, site: Controller
) -> None:
    broken = "/etc/supervisor/conf.d/other.conf"
    web.write(broken, "[program:other]\ncommand=sleep 1000\nnumprocs=many\n")
    (site.project() / "changed.txt").write_text("changed")
    before = web.enter("supervisorctl pid").stdout, fingerprint(web)
    with still_served(web):
        run = deploy(site)
    assert_told(run, f"Supervisor cannot read {broken}:", "'many'", "Fix that file")
    assert (web.enter("supervisorctl pid").stdout, fingerprint(web)) == before
    # The same for a person on the host.
    switch = f"cd /usr/local/lib/fooproject && python3 -m switch {release_at(web)}"
    told = web.enter(switch, check=False).stderr
    assert broken in told
    assert told.endswith("is still being served.\n")
    web.enter(f"rm {broken}")
    site.apply()


def test_a_broken_program_of_somebody_elses_keeps_supervisord_up_on_the_first_deploy(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    host = lab.host("others")
    folder = "/etc/supervisor/conf.d"
    host.write(f"{folder}/well.conf", "[program:well]\ncommand=sleep 1000\n")
    host.enter("systemctl enable -q supervisor; systemctl restart supervisor")
    status = "supervisorctl status well"
    wait_for("it runs", lambda: "RUNNING" in host.enter(status, check=False).stdout)
    host.write(f"{folder}/broken.conf", "[program:broken\ncommand=x\n")
    pids = host.enter("supervisorctl pid; supervisorctl pid well").stdout
    run = deploy(controller(host))
    assert_told(run, f"Supervisor cannot read {folder}/broken.conf:")
    assert "still being served" not in run.output
    assert host.enter("supervisorctl pid; supervisorctl pid well").stdout == pids
    host.stop()


def test_a_site_that_was_down_is_not_said_to_be_served(web: Host, site: Controller) -> None:
    live = release_at(web)
    web.enter("supervisorctl stop django")
    append(site, "guestbook/views.py", RAISES)
    run = deploy(site)
    assert_told(run, "/health answers 500", f"leads to {live}; Gunicorn runs no release.")
    assert "still being served" not in run.output
    assert_clean(web)


@pytest.mark.long
def test_a_supervisord_that_answers_nobody_is_refused_before_anything_is_started(
    web: Host, site: Controller
) -> None:
    live, pid = release_at(web), web.enter("cat /run/supervisord.pid").stdout.strip()
    before = web.enter("ls /home/fooproject/releases").stdout
    (site.project() / "new.txt").write_text("new")
    with site.start() as run:
        wait_for(
            "the next release is being built",
            lambda: web.enter("ls /home/fooproject/releases").stdout != before,
        )
        web.enter(f"kill -STOP {pid}")
        assert run.stdout
        output = run.stdout.read()
    assert_told(
        Run(run.returncode, "", output),
        f"supervisord (process {pid}) does not answer at /run/supervisor.sock",
        f"A signal has stopped it: `kill -CONT {pid}` has it go on",
        f"leads to {live}; supervisord does not answer, so what Gunicorn runs is not known.",
    )
    assert get(web, "/health").status == 200
    site.apply()
    assert site.plan() == []


@pytest.mark.long
def test_no_variable_of_the_environment_moves_gunicorn(web: Host, site: Controller) -> None:
    site.data["env"] = {
        "SECRET_KEY": "any",
        "PORT": 9000,
        "WEB_CONCURRENCY": 1,
        "GUNICORN_CMD_ARGS": "--max-requests 1000",
    }
    (site.project() / "gunicorn.conf.py").write_text("bind = '0.0.0.0:9001'\nworkers = 7\n")
    site.apply()
    told = web.enter("ss -Hlntp | grep gunicorn").stdout
    assert {line.split()[3] for line in told.splitlines()} == {"127.0.0.1:8000"}
    assert web.enter("pgrep -u fooproject -c -f 127.0.0.1:8000").stdout == "4\n"
    assert site.plan() == []
