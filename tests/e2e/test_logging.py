"""Sites that log to a file in their own folder, as the page of Django's documentation has it."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.controller import REPOSITORY, Controller
from tests.e2e.http import get
from tests.lab import Host, Lab

pytestmark = pytest.mark.e2e

WARNINGS = """
LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "handlers": {"file": {"level": "WARNING", "class": "logging.FileHandler",
                          "filename": BASE_DIR / "debug.log"}},
    "loggers": {"django": {"handlers": ["file"], "level": "WARNING", "propagate": True}},
}
"""
EACH_START = """
import logging.config
LOGGING = {
    "version": 1, "disable_existing_loggers": False,
    "formatters": {"own": {"format": "{asctime} {message}", "style": "{"}},
    "handlers": {"file": {"class": "logging.FileHandler", "formatter": "own",
                          "filename": BASE_DIR / "app.log"}},
    "root": {"handlers": ["file"], "level": "INFO"},
}
logging.config.dictConfig(LOGGING)
logging.getLogger("fooproject").info("started")
"""
RAISES = """
urlpatterns += [path("raises", lambda request: 1 / 0)]
"""
LIVE = "/home/fooproject/fooproject"
STYLE = "/static/guestbook/style.css"


@pytest.fixture(scope="module")
def bare(lab: Lab) -> Host:
    host = lab.host("logger")
    host.snapshot("bare")
    return host


@pytest.fixture
def host(bare: Host) -> Host:
    bare.reset(to="bare")
    return bare


@pytest.fixture
def site(controller: Callable[..., Controller], host: Host) -> Controller:
    return controller(host)


def log_to_a_file(site: Controller, how: str, *committed: str) -> None:
    """Have the project log so; some of its logs are in its source."""
    project = site.project()
    with (project / "fooproject" / "settings.py").open("a") as settings:
        settings.write(how)
    for name in committed:
        (project / name).write_text("a line of a developer's\n")


@contextmanager
def lost_visitor(host: Host) -> Iterator[None]:
    """Somebody asks for what is not there, again and again."""
    ended = threading.Event()

    def ask() -> None:
        while not ended.wait(0.3):
            get(host, "/nothing")

    visitor = threading.Thread(target=ask)
    visitor.start()
    try:
        yield
    finally:
        ended.set()
        visitor.join()


def is_served(host: Host) -> None:
    assert (get(host).status, get(host, STYLE).status) == (200, 200)
    assert host.enter(f"readlink -e {LIVE}").stdout.startswith("/home/fooproject/releases/")


@pytest.mark.long
def test_a_line_in_a_log_is_no_damage_and_holds_up_the_next_release_until_it_is_settled(
    site: Controller, host: Host
) -> None:
    log_to_a_file(site, WARNINGS)
    site.apply()
    assert site.plan() == []
    assert get(host, "/nothing").status == 404
    assert "/nothing" in host.enter(f"cat {LIVE}/src/debug.log").stdout
    assert site.plan() == []

    (site.project() / "second.txt").touch()
    told = site.apply(check=False)
    assert told.returncode
    assert "has written files that the next would not have: debug.log." in told.output
    assert 'disposable = ["debug.log"]' in told.output
    site.data["disposable"] = ["debug.log"]
    with lost_visitor(host):
        site.apply()
        assert site.plan() == []
    is_served(host)


@pytest.mark.long
def test_a_log_of_the_source_that_the_site_writes_to_is_told_by_name_and_costs_no_visitor_a_page(
    site: Controller, host: Host
) -> None:
    log_to_a_file(site, WARNINGS, "debug.log")
    site.apply()
    assert site.plan() == []
    assert get(host, "/nothing").status == 404
    lines = host.enter(f"cat {LIVE}/src/debug.log").stdout
    assert lines.startswith("a line of a developer's")
    assert "/nothing" in lines
    with lost_visitor(host):
        told = site.pyinfra("deploy.py", "--dry").output
        assert "debug.log changed. If the site itself writes there, write" in told
        assert 'disposable = ["debug.log"] if that may be lost' in told
        site.apply()
        is_served(host)
        site.data["disposable"] = ["*.log"]
        assert site.plan() == []
        assert site.apply().changed == []
    is_served(host)


@pytest.mark.long
@pytest.mark.parametrize("committed", [(), ("app.log",)], ids=["", "into a file of its source"])
def test_a_site_that_logs_each_start_goes_live(
    committed: tuple[str, ...], site: Controller, host: Host
) -> None:
    log_to_a_file(site, EACH_START, *committed)
    site.apply()
    is_served(host)
    assert "started" in host.enter(f"cat {LIVE}/src/app.log").stdout
    assert site.plan() == []


@pytest.mark.long
def test_the_traceback_of_a_visitors_500_is_where_the_page_says_once_it_is_as_the_page_says(
    site: Controller, host: Host
) -> None:
    page = (REPOSITORY / "docs/at-night.md").read_text()
    [advised] = re.findall(r"^```python\n(LOGGING.*?)^```", page, re.MULTILINE | re.DOTALL)
    project = site.project() / "fooproject"
    with (project / "urls.py").open("a") as urls:
        urls.write(RAISES)
    as_django_has_it = (project / "settings.py").read_text().partition("\nLOGGING = ")[0]
    (project / "settings.py").write_text(as_django_has_it)
    site.apply()
    assert get(host, "/raises").status == 500
    logs = host.enter("cat /var/log/fooproject/*; journalctl --no-pager -q").stdout
    assert "GET /raises" in logs
    assert "ZeroDivisionError" not in logs

    (project / "settings.py").write_text(f"{as_django_has_it}\n{advised}")
    site.apply()
    assert get(host, "/raises").status == 500
    log = host.enter("cat /var/log/fooproject/gunicorn.log").stdout
    assert "Internal Server Error: /raises" in log
    assert "ZeroDivisionError: division by zero" in log
