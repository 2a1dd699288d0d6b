"""All that keeps a host from what it is to be is told by one plan, and costs no command there."""

from collections.abc import Iterator
from dataclasses import replace

from pyinfra.api import StringCommand
from pyinfra.facts.files import FileContents

from stack.facts.container import Container
from stack.facts.refused import RefusedByNginx
from stack.facts.unread import UnreadByNginx
from stack.facts.unshared import UnsharedPaths
from stack.host.observation import Observation, User
from stack.host.recorded import Project
from stack.inventory.roles import DB
from stack.project.nginx_files import ENABLED, SITE
from stack.project.target import Target
from stack.run.fits import misfits
from stack.settings import load
from tests.unit.hosts import converged, home_entry, sample_target
from tests.unit.operating import Facts, plan

TARGET = sample_target()
HOST = replace(converged(TARGET), uid=0, system="debian", family=frozenset({"debian"}))
MAIN = ("/etc/nginx/nginx.conf", "/etc/supervisor/supervisord.conf")
REPLACED = replace(
    HOST,
    entries={
        path: replace(entry, sha256="0" * 64) if path in MAIN else entry
        for path, entry in HOST.entries.items()
    },
)
"""With somebody else's main files."""
UNSUITABLE = replace(
    HOST,
    read_only="/home",
    user_is_elsewhere=True,
    at_supervisors_socket=("/opt/supervisord", "own.service"),
    roots=frozenset({"ALL"}),
)


def told(
    seen: Observation, target: Target = TARGET, deploys: bool = True, facts: Facts | None = None
) -> list[str]:
    """The lines, of a host of which facts tell no more than what is given."""
    lines: list[str] = []

    def ask(target: Target) -> Iterator[StringCommand]:
        lines.extend(filter(None, misfits(seen, target, deploys)))
        yield from ()

    plan(ask, target, seen, facts)
    return lines


def test_a_converged_host_is_asked_nothing_more() -> None:
    assert told(HOST) == []


def test_what_is_wrong_with_a_host_is_told_at_once_a_line_for_each() -> None:
    begin = ("/home is mounted read-only", 'project = "fooproject"', "/run/supervisor.sock", "sudo")
    lines = told(UNSUITABLE)
    assert len(lines) == len(begin)
    assert all(line.startswith(words) for line, words in zip(lines, begin, strict=True))
    assert told(UNSUITABLE, deploys=False) == lines
    # It has nothing of that to suit that is to be taken away, but what can be.
    assert told(UNSUITABLE, replace(TARGET, leaves=True)) == lines[:1]


def test_a_host_that_could_not_be_read_is_told_of_that_alone() -> None:
    for seen in (replace(UNSUITABLE, uid=1000), replace(UNSUITABLE, is_whole=False)):
        assert len(told(seen)) == 1


def test_what_goes_with_both_main_files_is_told_with_the_rest() -> None:
    # Which both read.
    text = "[program:mine]\ncommand=true;\nhttp { server { listen 8081; } } x=y;\n"
    facts: Facts = {
        RefusedByNginx: "",
        FileContents: text.splitlines(),
        UnreadByNginx: ['unknown log format "shop" in /etc/nginx/sites-enabled/shop:1'],
        Container: "lxc",
    }
    target = replace(TARGET, settings=TARGET.settings.model_copy(update={"swap": "1G"}))
    swap, program, server, log_format = told(REPLACED, target, facts=facts)
    assert swap.startswith('swap = "1G": is a container (lxc)')
    assert "/etc/supervisor/conf.d/own.conf: [program:mine]." in program
    assert "/etc/nginx/conf.d/own.conf: the server block of *:8081." in server
    assert 'unknown log format "shop"' in log_format
    # Who goes back, or shows a page, replaces neither of them.
    assert told(REPLACED, target, deploys=False) == []


def test_a_neighbours_site_is_not_told_of_as_a_persons_too() -> None:
    shop = Project("shop", names=("shop.example",), site=SITE)
    site = "server { listen 80 default_server; server_name shop.example; }"
    seen = replace(HOST, projects=(shop,), nginx_files={SITE: site, ENABLED: site})
    [line] = told(seen)
    assert line.startswith("default_server: shop is the default site on this host")


def test_a_folder_in_a_releases_place_is_told_with_the_rest() -> None:
    live = str(TARGET.layout.live)
    folder = home_entry("directory", "755")
    user = User("/home/fooproject", "/bin/bash", "users", frozenset())
    entries = {**HOST.entries, live: folder}
    seen = replace(UNSUITABLE, read_only="", noexec="/home", user=user, entries=entries)
    lines = told(seen, facts={UnsharedPaths: None, RefusedByNginx: ""})
    assert len(lines) == len(told(UNSUITABLE)) + 1
    assert lines[-1].startswith(f"{live} is no release")


def test_a_disk_that_no_home_of_the_projects_is_on_keeps_no_refusal_back() -> None:
    target = Target(load({"source": ".", "swap": "1G"}, "db1"), {DB})
    [line] = told(replace(HOST, read_only="/home"), target, facts={Container: "lxc"})
    assert line.startswith('swap = "1G": is a container')
