"""Going back to a release that is kept."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.certificates import Issuer
from tests.e2e.controller import Away, Controller
from tests.e2e.faults import assert_told
from tests.e2e.http import Secure, get, release_at, wait_for
from tests.e2e.load import Visitors
from tests.e2e.test_migrations import ADD, migration
from tests.e2e.untouched import Untouched
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

LOG = "cat /var/log/fooproject/releases.log"
NO_WAY_BACK = """
from django.db import migrations

def forth(apps, schema_editor):
    pass

class Migration(migrations.Migration):
    dependencies = [("guestbook", "0001_initial")]
    operations = [migrations.RunPython(forth)]
"""

BREAKS = NO_WAY_BACK.replace("    pass", "    raise ValueError('on purpose')")

BROUGHT = """
from django.http import HttpResponse

urlpatterns.insert(0, path("healthz", lambda request: HttpResponse("ok")))
"""


def test_rollback_goes_to_the_release_before_and_loses_no_request(
    web: Host, site: Controller
) -> None:
    first = release_at(web)
    (site.project() / "new.txt").write_text("new")
    site.apply()
    second = release_at(web)
    with Visitors(web) as tally:
        run = site.pyinfra("rollback.py", "-y", "--json")
    assert run.changed == [f"Release | Serve {first} again; the database stays as it is"]
    assert release_at(web) == first != second
    assert tally.failed == []
    nowhere = site.pyinfra("rollback.py", "-y", check=False)
    assert nowhere.returncode == 1
    assert "web has no release before the live one" in nowhere.output
    site.pyinfra("rollback.py", "-y", "--data", f"release={second}")
    assert release_at(web) == second
    unknown = site.pyinfra("rollback.py", "-y", "--data", "release=abc", check=False)
    assert f"web has no release abc; it can go back to {first}." in unknown.output
    log = [json.loads(line) for line in web.enter(LOG).stdout.splitlines()]
    assert [one["release"] for one in log] == [first, second, first, second]
    assert {one["revision"] for one in log} == {"HEAD"}
    assert {one["result"] for one in log} == {"live"}
    assert site.plan() == []


@pytest.mark.long
def test_rollback_refuses_to_leave_a_migration_behind_that_has_no_way_back(
    web: Host, site: Controller
) -> None:
    first = release_at(web)
    (site.project() / "guestbook" / "migrations" / "0002_forth.py").write_text(NO_WAY_BACK)
    site.apply()
    second = release_at(web)
    with Untouched(web):
        planned = site.pyinfra("rollback.py", "--dry", check=False)
    for refused in (planned, site.pyinfra("rollback.py", "-y", check=False)):
        assert refused.returncode == 1
        assert "guestbook.0002_forth" in refused.output
    assert release_at(web) == second
    # As it does where it cannot ask.
    web.enter("mv /home/fooproject/shared/data /home/fooproject/shared/away")
    refused = site.pyinfra("rollback.py", "-y", check=False)
    assert refused.returncode == 1
    assert "/home/fooproject/shared/data is not there" in refused.output
    assert "Go back all the same with --data force=True." in refused.output
    assert "Traceback" not in refused.stdout
    web.enter("mv /home/fooproject/shared/away /home/fooproject/shared/data")
    refused = site.pyinfra("rollback.py", "-y", "--data", "force=no", check=False)
    assert "expected --data force=True, or nothing. Nothing was changed." in refused.output
    assert release_at(web) == second
    site.pyinfra("rollback.py", "-y", "--data", "force=True")
    assert release_at(web) == first


@pytest.mark.long
def test_rollback_moves_the_site_to_another_database_only_where_that_is_forced(
    web: Host, site: Controller
) -> None:
    first = release_at(web)
    site.data["env"] = {"SECRET_KEY": "any", "DATABASE_URL": "sqlite:///data/other.sqlite3"}
    site.apply("--data", "new_database=True")
    second = release_at(web)
    web.enter("mv /home/fooproject/shared/data/db.sqlite3 /root")
    with Untouched(web):
        planned = site.pyinfra("rollback.py", "--dry", check=False)
    for refused in (planned, site.pyinfra("rollback.py", "-y", check=False)):
        assert refused.returncode == 1
        assert (
            'DATABASES["default"] is sqlite /home/fooproject/shared/data/db.sqlite3, '
            "and of the live release sqlite /home/fooproject/shared/data/other.sqlite3."
        ) in refused.output
        assert "Go back all the same with --data force=True." in refused.output
    assert release_at(web) == second
    web.enter("mv /root/db.sqlite3 /home/fooproject/shared/data")
    assert as_planned(site, "rollback.py", "--data", "force=True") == [
        f"Release | Serve {first} again, with the database that it was made for"
    ]
    assert release_at(web) == first


@pytest.mark.long
def test_rollback_offers_no_release_that_never_ran(web: Host, site: Controller) -> None:
    first = release_at(web)
    migration(site, "0002_add", BREAKS)
    failed = site.apply(check=False)
    [unrun] = {*web.enter("ls /home/fooproject/releases").stdout.split()} - {first}
    assert "The migration guestbook.0002_add failed" in failed.output
    nowhere = site.pyinfra("rollback.py", "--dry", check=False)
    assert (
        "web has no release before the live one; it keeps none that it could go back to."
    ) in nowhere.output
    words = ("rollback.py", "--data", f"release={unrun}")
    refused = site.pyinfra(*words, "-y", check=False)
    assert f"web has built {unrun}, but it has never been live there;" in refused.output
    # Whatever became of the log, the database tells too.
    web.enter("mv /var/log/fooproject/releases.log /root")
    with Untouched(web):
        refused = site.pyinfra(*words, "--dry", check=False)
    assert refused.returncode == 1
    assert "The database lacks migrations of it: guestbook.0002_add" in refused.output
    assert "Traceback" not in refused.output
    assert release_at(web) == first
    (site.project() / "guestbook" / "migrations" / "0002_add.py").unlink()
    # Of a log that begins here, its first line says what was live before.
    (site.project() / "new.txt").write_text("new")
    site.apply()
    assert as_planned(site, "rollback.py") == [
        f"Release | Serve {first} again; the database stays as it is"
    ]


@pytest.mark.long
def test_rollback_does_not_leave_uploads_behind(web: Host, site: Controller) -> None:
    set_in(site, MEDIA_ROOT="BASE_DIR / 'uploads'")
    site.data["shared"] = ["data", "uploads"]
    site.apply()
    refused = site.pyinfra("rollback.py", "--dry", check=False)
    assert (
        "MEDIA_ROOT is /home/fooproject/shared/media, "
        "and of the live release /home/fooproject/shared/uploads."
    ) in refused.output


@pytest.mark.long
def test_rollback_to_a_release_with_another_virtualenv_downloads_nothing(
    web: Host, site: Controller
) -> None:
    first, virtualenv = release_at(web), virtualenv_of(web)
    requirements = site.project() / "requirements.txt"
    requirements.write_text(requirements.read_text() + "# another virtualenv\nsqlparse\n")
    site.apply()
    assert virtualenv_of(web) != virtualenv
    route = web.enter("ip route show default").stdout.strip()
    web.enter("ip route del default")
    try:
        with Visitors(web) as tally:
            site.pyinfra("rollback.py", "-y")
    finally:
        # Its network outlives the host's reset.
        web.enter(f"ip route add {route}")
    assert (release_at(web), virtualenv_of(web)) == (first, virtualenv)
    assert tally.failed == []


def virtualenv_of(web: Host) -> str:
    """Where the live release's virtualenv really is."""
    return web.enter("readlink -f /home/fooproject/.virtualenvs/fooproject").stdout.strip()


def test_a_release_that_fails_is_in_the_log_with_the_reason(web: Host, site: Controller) -> None:
    (site.project() / "fooproject" / "wsgi.py").write_text("raise RuntimeError('on purpose')\n")
    site.apply(check=False)
    last = json.loads(web.enter(LOG).stdout.splitlines()[-1])
    assert last["result"] == "failed"
    assert "on purpose" in last["why"]
    assert last["by"].startswith("root@")


@pytest.mark.long
def test_a_release_that_fails_before_its_switch_is_in_the_log_too(
    web: Host, site: Controller
) -> None:
    before = release_at(web)
    migration(site, "0002_add", BREAKS)
    site.apply(check=False)
    last = log_of(web)[-1]
    assert (last["result"], last["before"]) == ("failed", before)
    assert last["why"].startswith(f"Migrate the database to {last['release']} failed.")
    assert "ValueError: on purpose" in last["why"]
    site.data["env"] = {"SECRET_KEY": "nobody's business"}
    settings = site.project() / "fooproject" / "settings.py"
    settings.write_text(f"{settings.read_text()}\nraise ValueError(SECRET_KEY)\n")
    site.apply(check=False)
    last = log_of(web)[-1]
    assert last["why"].startswith(f"Check {last['release']} failed.")
    assert "ValueError: *MASKED*" in last["why"]
    (site.project() / "requirements.txt").write_text("there-is-no-such-package\n")
    site.apply(check=False)
    assert "No matching distribution found" in log_of(web)[-1]["why"]
    assert [one["result"] for one in log_of(web)] == ["live", "failed", "failed", "failed"]


def log_of(web: Host) -> list[dict[str, Any]]:
    """The release log."""
    return [json.loads(line) for line in web.enter(LOG).stdout.splitlines()]


@pytest.mark.long
def test_what_was_live_is_known_however_often_a_deployment_has_failed_since(
    web: Host, site: Controller
) -> None:
    first = release_at(web)
    (site.project() / "guestbook" / "apps.py").open("a").write("# another release\n")
    site.apply()
    failed = json.dumps({"release": "1-2", "result": "failed", "why": '"result": "live"'})
    log = "/var/log/fooproject/releases.log"
    web.enter(
        f"cat > /root/failed && for _ in $(seq 150); do cat /root/failed; done >> {log}",
        input=f"{failed}\n",
    )
    assert site.pyinfra("rollback.py", "--dry", "--json").planned == [
        f"Release | Serve {first} again; the database stays as it is"
    ]


def test_a_host_on_which_nothing_was_deployed_is_told_about(
    lab: Lab, controller: Callable[..., Controller]
) -> None:
    new = lab.host("new")
    site = controller(new)
    told = json.loads(site.pyinfra("status.py", "--json").stdout)["hosts"]["new"]
    assert (told["release"], told["health"], told["kept"]) == ("", "nothing is live", [])
    assert told["free_bytes"] > 1_000_000
    nowhere = site.pyinfra("rollback.py", "-y", check=False)
    assert nowhere.returncode == 1
    assert (
        "new has no release before the live one; it keeps none that it could go back to."
        in nowhere.output
    )
    new.power_off()


def test_the_status_tells_what_a_host_serves_and_how_it_does(web: Host, site: Controller) -> None:
    told = json.loads(site.pyinfra("status.py", "--json").stdout)["hosts"]["web"]
    assert told["release"] == release_at(web)
    assert (told["health"], told["doubt"]) == ("ok", "")
    assert told["workers"] == 3
    assert told["kept"] == [told["release"]]
    assert told["drift"] == []
    assert told["free_bytes"] > told["used_bytes"] > 1_000_000
    text = site.pyinfra("status.py").stdout
    assert f"live     {told['release']}, since {told['since']}" in text
    web.enter("supervisorctl stop django")
    stopped = json.loads(site.pyinfra("status.py", "--json").stdout)["hosts"]["web"]
    assert "does not answer" in stopped["health"]
    assert stopped["release"] == ""
    assert stopped["workers"] is None
    leads = f"supervisord runs no Gunicorn, and ~/fooproject leads to {told['release']}"
    assert stopped["doubt"] == leads
    assert stopped["drift"] == [f"Release | Serve {told['release']}"]
    # An earlier version may have put other ones there.
    web.enter("rm /usr/local/lib/fooproject/switch/limited.py")
    asked = json.loads(site.pyinfra("status.py", "--json").stdout)["hosts"]["web"]
    assert asked["health"] == "it cannot be asked: its script is not there, or failed"
    assert asked["used_bytes"] is None
    assert asked["free_bytes"] > 1_000_000


@pytest.mark.long
def test_the_status_tells_of_a_supervisord_that_answers_nobody(web: Host, site: Controller) -> None:
    web.enter("kill -STOP $(cat /run/supervisord.pid)")
    run = site.pyinfra("status.py", "--json")
    told = json.loads(run.stdout)["hosts"]["web"]
    assert (told["health"], told["workers"]) == ("ok", 3)
    assert told["drift"] == ["Supervisor | Continue supervisord"]
    assert "is stopped by a signal, and answers nobody: kill -CONT" in told["supervisor"]
    assert site.pyinfra("drift.py", check=False).returncode == 2
    site.apply()
    assert site.plan() == []
    # What it runs outlives it where systemd is not to end it, nor to start another.
    web.enter(
        "mkdir -p /run/systemd/system/supervisor.service.d && "
        "printf '[Service]\\nKillMode=process\\nRestart=no\\n' "
        "> /run/systemd/system/supervisor.service.d/alone.conf && systemctl daemon-reload && "
        "systemctl kill --kill-whom=main -s KILL supervisor"
    )
    wait_for(
        "it is gone",
        lambda: web.enter("systemctl is-active supervisor", check=False).stdout.strip() == "failed",
    )
    told = json.loads(site.pyinfra("status.py", "--json").stdout)["hosts"]["web"]
    assert (told["health"], told["workers"]) == ("ok", None)
    assert told["supervisor"] == "supervisord does not run"
    assert told["doubt"].startswith("supervisord does not run, and ~/fooproject leads to")


def test_what_a_symlink_says_is_not_what_is_served(web: Host, site: Controller) -> None:
    serves = release_at(web)
    web.enter(f"cp -a ~fooproject/releases/{serves} ~fooproject/releases/by-hand")
    web.enter("ln -sfn releases/by-hand ~fooproject/fooproject")
    told = json.loads(site.pyinfra("status.py", "--json").stdout)["hosts"]["web"]
    assert (told["release"], told["doubt"]) == (serves, "~/fooproject leads to by-hand")
    text = site.pyinfra("status.py").stdout
    assert f"live     {serves}, since {told['since']}, but ~/fooproject leads to by-hand" in text
    web.enter("systemctl stop nginx")
    told = json.loads(site.pyinfra("status.py", "--json").stdout)["hosts"]["web"]
    assert told["release"] == ""
    assert told["doubt"].startswith(f"Gunicorn runs {serves}, Nginx does not run, ~/fooproject")


@pytest.mark.long
def test_rollback_serves_where_the_settings_say_by_then(web: Host, site: Controller) -> None:
    first = release_at(web)
    (site.project() / "new.txt").write_text("new")
    site.apply()
    site.data["bind"] = "127.0.0.1:8005"
    with Visitors(web) as tally:
        site.pyinfra("rollback.py", "-y")
    assert tally.failed == []
    assert release_at(web) == first


@pytest.mark.long
def test_going_back_asks_and_starts_a_release_as_the_settings_say_by_then(
    web: Host, site: Controller
) -> None:
    first, project = release_at(web), site.project() / "fooproject"
    urls = (project / "urls.py").read_text()
    (project / "urls.py").write_text(urls + BROUGHT)
    (project / "wsgi.py").rename(project / "app.py")
    site.data |= {"health_path": "/healthz", "wsgi": "fooproject.app"}
    site.apply()
    assert release_at(web) != first
    site.data["health_path"] = "/health"
    del site.data["wsgi"]
    assert as_planned(site, "rollback.py") == [
        f"Release | Serve {first} again; the database stays as it is"
    ]
    assert release_at(web) == first
    (project / "urls.py").write_text(urls)
    (project / "app.py").rename(project / "wsgi.py")
    assert status_of(site)["health"] == "ok"
    assert site.plan() == []


@pytest.mark.long
def test_settings_with_which_a_release_has_failed_are_not_those_of_the_live_one(
    web: Host, site: Controller
) -> None:
    first = release_at(web)
    (site.project() / "new.txt").write_text("new")
    site.apply()
    second = release_at(web)
    (site.project() / "new.txt").write_text("newer")
    failed = site.apply("--data", "health_path=/nope", check=False)
    assert_told(failed, "/nope answers 404")
    assert release_at(web) == second
    assert status_of(site)["health"] == "ok"
    failed = site.pyinfra("rollback.py", "-y", "--data", "health_path=/nope", check=False)
    assert_told(failed, "/nope answers 404")
    assert release_at(web) == second
    assert status_of(site)["health"] == "ok"
    site.pyinfra("rollback.py", "-y")
    assert release_at(web) == first


def status_of(site: Controller) -> dict[str, Any]:
    """What status.py tells of the only host."""
    told: dict[str, Any] = json.loads(site.pyinfra("status.py", "--json").stdout)["hosts"]["web"]
    return told


def set_in(site: Controller, **values: str) -> None:
    """Have other values in the project's settings."""
    path = site.project() / "fooproject" / "settings.py"
    lines = "".join(f"\n{name} = {value}" for name, value in values.items())
    path.write_text(f"{path.read_text()}{lines}\n")


@pytest.mark.long
def test_going_back_serves_the_files_of_the_release_that_is_gone_back_to(
    web: Host, site: Controller
) -> None:
    first = release_at(web)
    set_in(site, STATIC_URL="'/assets/'")
    site.data["static_url"] = "/assets/"
    site.apply()
    second = release_at(web)
    style = "guestbook/style.css"
    assert get(web, f"/assets/{style}").status == 200
    for how in ("--dry", "-y"):
        refused = site.pyinfra("rollback.py", how, check=False)
        assert refused.returncode == 1
        assert (
            'STATIC_URL is /static/, and Nginx serves /assets/. Write: static_url = "/static/"'
            in (refused.output)
        )
    assert release_at(web) == second
    site.pyinfra("rollback.py", "-y", "--data", "static_url=/static/")
    assert release_at(web) == first
    assert get(web, f"/static/{style}").status == 200


UPLOAD = "printf 'an upload' > /home/fooproject/shared/media/a.txt"


@pytest.mark.long
def test_uploads_are_not_left_where_nobody_serves_them(web: Host, site: Controller) -> None:
    site.data["media_root"] = "media"
    site.apply()
    web.enter(UPLOAD, user="fooproject")
    site.apply()
    assert get(web, "/media/a.txt").text == "an upload"
    set_in(site, MEDIA_ROOT="BASE_DIR / 'uploads'")
    site.data |= {"media_root": "uploads", "shared": ["data", "uploads"]}
    shown = site.pyinfra("deploy.py", "--dry").output
    move = "mv -T /home/fooproject/shared/media /home/fooproject/shared/uploads"
    assert 'This will fail: media_root = "uploads": Nginx serves uploads from' in shown
    assert move in shown
    assert site.apply(check=False).returncode == 1
    assert get(web, "/media/a.txt").text == "an upload"
    web.enter(move)
    site.apply()
    assert get(web, "/media/a.txt").text == "an upload"
    assert site.plan() == []


def as_planned(site: Controller, *words: str) -> list[str]:
    """What an entry file plans, which is what it then does."""
    planned = site.pyinfra(*words, "--dry", "--json").planned
    assert site.pyinfra(*words, "-y", "--json").changed == planned
    return planned


@pytest.mark.long
def test_secrets_and_a_source_that_are_away_hold_up_nothing_that_writes_none_of_it(
    web: Host, site: Controller
) -> None:
    issuer = Issuer()
    own, secure = issuer.issue("fooproject.se"), Secure(issuer.certificate, "fooproject.se")
    site.data |= {"tls": "files", "tls_certificate": own.certificate, "tls_key": own.key}
    site.data |= {"programs": {"beat": "sleep 1000"}, "dump_before_migrate": True}
    site.apply()

    def live() -> str:
        return str(get(web, "/health", secure=secure).json["release"])

    first = live()
    migration(site, "0002_add", ADD)
    site.apply()
    second = live()

    site.data |= {"source": "/nowhere", "env": {"SECRET_KEY": Away()}, "files": {"a.py": Away()}}
    names = ("tls_certificate", "tls_key")
    site.data |= dict.fromkeys(names, Away())
    refused = site.apply(check=False)
    assert refused.returncode == 1
    away = "the environment variable IN_NOBODYS_ENVIRONMENT is not set on this machine"
    for name in ('env["SECRET_KEY"]', 'files["a.py"]', *names):
        assert f"web: {name}: {away}" in refused.output
    assert live() == second

    assert as_planned(site, "rollback.py", "--data", "force=True") == [
        f"Release | Serve {first} again, with the database that it was made for",
        f"Programs | Run beat of {first}",
    ]
    assert live() == first
    assert as_planned(site, "rollback.py", "--data", f"release={first}") == []
    assert as_planned(site, "restore.py", "--data", f"release={second}")
    assert as_planned(site, "maintenance.py", "--data", "on=True")
    assert get(web, secure=secure).status == 503
    assert as_planned(site, "maintenance.py", "--data", "on=False")
    assert get(web, secure=secure).status == 200
    assert as_planned(site, "remove.py", "--data", "everything=True")
    assert web.enter("ls -d /etc/ssl/fooproject /home/fooproject", check=False).stdout == ""
