"""What goes when a project leaves a host, and what never does."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from stack.commands.leaving import LEAVE_CERTIFICATES, LEAVE_USER
from stack.database import files as database_files
from stack.database import leaving as of_database
from stack.database.observation import Answer, Cluster, Server
from stack.facts.contents import Contents, HomeContents
from stack.host.observation import Entry, Observation
from stack.host.recorded import Project
from stack.operations.leaving import shared
from stack.project import firewall
from stack.project.host_wide import UPDATES
from stack.project.leaving import NGINX, ORIGINALS, SHARED, SUPERVISOR, Belongings, original
from stack.project.nginx_files import ENABLED, NAMES_FILE, SITE
from stack.project.site import WRITTEN
from stack.project.supervisor_files import (
    CLOSED_SOCKET,
    FORMER_GUARD,
    PROGRAMS,
    SUPERVISOR_OUTLASTS,
)
from stack.project.target import Target
from stack.settings import load
from stack.settings.database import Database
from stack.settings.front import Front
from stack.state import leaving
from stack.state.presence import was_here
from tests.unit.hosts import converged, entries_of, link, sample_target, with_entry, without
from tests.unit.operating import plan

OURS = Project("fooproject", site=SITE, program="django")
OTHER = Project("shop", site="/etc/nginx/sites-available/shop", program="shop")
SITE_OF_OURS = "/etc/nginx/sites-available/fooproject"
DEBIANS = Entry("file", "644", "root", "root", 1.0, 1.0, sha256="d" * 64)


def deployed(*others: Project, ours: Project = OURS) -> Observation:
    """A host with the project, and what was there before the first one."""
    seen = converged(sample_target())
    kept = {original(path): DEBIANS for path in SHARED if path != ENABLED}
    kept[original(ENABLED)] = link(SITE)
    entries = {**seen.entries, ORIGINALS: DEBIANS, **kept}
    return replace(seen, entries=entries, projects=(ours, *others), texts={SITE: f"{WRITTEN}0\n"})


def test_every_file_of_roots_goes_when_the_project_leaves() -> None:
    its = {"source": ".", "tls_certificate": "-----BEGIN ", "tls_key": "-----BEGIN "}
    more = {
        "server_name": f"{'long' * 12}.example",
        "nginx_server": "gzip off;",
        "unavailable_page": "<p>",
        "default_server": False,
        "programs": {"a": "true"},
        "schedules": {"b": {"command": "true", "when": "daily"}},
    }
    targets = [Target(load({**its, **more, "tls": tls}, "web1")) for tls in ("acme", "files")]
    front = Front(targets[0].settings, ("10.0.0.1",), ("10.0.0.5",))
    targets.append(replace(targets[0], front=front))
    targets.append(replace(targets[0], front=front, roles=frozenset({"lb"})))
    layout = targets[0].layout
    told = (*Belongings(layout).paths, str(layout.library))
    begun = (f"{PROGRAMS}/fooproject-", layout.schedule(""), *(f"{path}/" for path in told))
    declared = {file.path for target in targets for file in target.files.all}
    assert {NAMES_FILE, SITE_OF_OURS, SUPERVISOR} <= declared
    assert {path for path in declared if path not in told and not path.startswith(begun)} == set()


def test_every_file_of_the_database_goes() -> None:
    target = sample_target()
    database = Database("fooproject", SecretStr("x"), "10.0.0.9", ("10.0.0.1",))
    cluster = Cluster("15", "main", "auto", 0.0, True)
    files = [*database_files.server(database, cluster), *database_files.dumps(target)]
    seen = Server(cluster=cluster, entries=entries_of(files, 1.0), clients=("10.0.0.1",))
    layout = target.layout
    gone = {*of_database.own(seen, target, database), str(layout.backups)}
    gone |= {
        f"{database_files.UNITS}/{name}.{kind}"
        for name in of_database.timers(seen, target)
        for kind in ("timer", "service")
    }
    left = {file.path for file in files} - gone
    hba = f"{cluster.folder}/pg_hba.conf"
    library = str(layout.library)
    assert left == {library, f"{library}/database.json", hba}
    # What was before ours was not kept: so it lets in nobody.
    [file] = of_database.nobodys(seen, database)
    assert file.path == hba
    assert "10.0.0.1" not in str(file)


def test_a_restart_that_was_lost_is_made_up_for() -> None:
    target, cluster = sample_target(), Cluster("15", "main", "auto", 5.0, True)
    record = {f"{target.layout.library}/database.json": DEBIANS}
    seen = Server(cluster=cluster, answer=Answer(6.0, pending=False), entries=record)
    assert not of_database.lags(seen, target)
    assert of_database.lags(replace(seen, answer=Answer(4.0, pending=False)), target)
    assert of_database.lags(replace(seen, answer=Answer(6.0, pending=True)), target)
    gone = replace(seen, answer=Answer(4.0, pending=True), entries={})
    assert not of_database.lags(gone, target)


def test_the_last_project_gives_back_what_was_there() -> None:
    left = leaving.of_nginx(deployed(), sample_target())
    # The link is as it was.
    assert left.restored == (NGINX, SITE)
    assert SITE not in left.removed
    assert leaving.supervisor_is_others(deployed(), sample_target())


def test_what_was_not_kept_stays_ours_but_for_the_site() -> None:
    seen = deployed()
    for path in (ORIGINALS, *map(original, SHARED)):
        seen = without(seen, path)
    left = leaving.of_nginx(seen, sample_target())
    assert (left.restored, left.removed[:2]) == ((), (ENABLED, SITE))
    assert leaving.supervisor_is_others(seen, sample_target())
    seen = without(seen, SUPERVISOR_OUTLASTS.path)
    assert not leaving.supervisor_is_others(seen, sample_target())


def test_what_projects_share_stays_with_a_neighbour() -> None:
    seen = deployed(OTHER)
    left = leaving.of_nginx(seen, sample_target())
    assert left.restored == ()
    assert not {NGINX, SITE, ENABLED, NAMES_FILE} & set(left.removed)
    # Somebody has to answer for names that nobody has.
    assert [file.path for file in left.replaced] == [SITE]
    assert not leaving.supervisor_is_others(seen, sample_target())
    assert not leaving.is_to_give_back(seen, sample_target())
    assert plan(shared.given_back, sample_target(), seen) == []


def test_what_two_that_left_at_once_have_left_there_is_given_back_by_either() -> None:
    """Each has taken the other for one that stays; and nothing tells of either any more."""
    target = replace(sample_target(), leaves=True)
    seen = replace(deployed(), projects=())
    more = [UPDATES, firewall.table([22]), firewall.UNIT_FILE]
    seen = replace(seen, entries={**seen.entries, **entries_of(more, 1.0)})
    sent = [command for command, _ in plan(shared.given_back, target, seen)]
    for path in (NGINX, SITE, SUPERVISOR, UPDATES.path, firewall.TABLE_FILE):
        assert any(path in command for command in sent), path
    # It tells a run after one that was cut of the rest.
    assert ORIGINALS in sent[-1]
    assert len(sent) == 5


def test_what_projects_share_is_given_back_at_the_end_by_the_only_one() -> None:
    [*_, last] = plan(shared.given_back, sample_target(), deployed())
    assert ORIGINALS in last[0]
    gone = without(deployed(), ORIGINALS)
    assert plan(shared.given_back, sample_target(), gone) == []


def test_the_rules_of_a_project_go_with_what_tells_that_it_is_here() -> None:
    """Else another run would take it for one that has not spoken, and write them anew."""
    target = sample_target()
    path, library = firewall.path_of("fooproject"), str(target.layout.library)
    seen = deployed()
    seen = replace(seen, entries={**seen.entries, path: DEBIANS, library: DEBIANS})
    assert path not in leaving.files(seen, target)
    assert leaving.traces(seen, target) == (path, library)


def test_a_persons_own_default_stays() -> None:
    ours = replace(OURS, site=SITE_OF_OURS)
    seen = replace(deployed(ours=ours), texts={SITE: "server { listen 80; }"})
    left = leaving.of_nginx(seen, sample_target(default_server=False))
    assert left.restored == (NGINX,)
    assert not {SITE, ENABLED} & set(left.removed)


def test_a_persons_own_site_of_the_projects_name_stays() -> None:
    seen = deployed()
    seen = replace(seen, entries={**seen.entries, SITE_OF_OURS: DEBIANS})
    assert SITE_OF_OURS not in leaving.of_nginx(seen, sample_target()).removed


def test_programs_of_a_neighbour_whose_name_begins_alike_stay() -> None:
    longer = Project("fooproject-bar", program="bar")
    paths = [f"{PROGRAMS}/fooproject-{name}.conf" for name in ("bar", "bar-worker", "own")]
    seen = deployed(longer)
    seen = replace(seen, entries={**seen.entries, **dict.fromkeys(paths, DEBIANS)})
    own = [f"{PROGRAMS}/fooproject.conf", f"{PROGRAMS}/fooproject-own.conf"]
    assert leaving.programs(seen, sample_target()) == own


def test_a_reload_that_was_lost_is_made_up_for() -> None:
    seen, target = deployed(), sample_target()
    assert not leaving.nginx_lags(seen, target)
    assert leaving.nginx_lags(replace(seen, nginx_changed=50.0), target)
    # What a person has changed since is his to reload.
    gone = without(seen, target.layout.library)
    assert not leaving.nginx_lags(replace(gone, nginx_changed=50.0), target)


def test_a_name_alone_is_no_project() -> None:
    target, seen = sample_target(), deployed()
    logs = str(target.layout.logs)
    assert was_here(seen, target)
    seen = without(seen, target.layout.library)
    assert was_here(seen, target)
    somebodys = with_entry(seen, logs, mode="755", group="adm")
    assert not was_here(somebodys, target)
    log = {str(target.layout.release_log): DEBIANS}
    parted = replace(somebodys, entries={**somebodys.entries, **log})
    assert was_here(parted, target)


def test_the_socket_opens_to_the_one_who_is_left() -> None:
    target = sample_target()
    closed = {"mode": "700", "owner": "root", "group": "root"}
    for others, is_to_open in (((), False), ((OTHER,), True), ((OTHER, OTHER), False)):
        seen = with_entry(deployed(*others), "/run/supervisor.sock", **closed)
        assert leaving.socket_is_to_open(seen, target) == is_to_open
    assert not leaving.socket_is_to_open(deployed(OTHER), target)
    for path in (CLOSED_SOCKET.path, FORMER_GUARD):
        entries = {**deployed(OTHER).entries, path: DEBIANS}
        assert leaving.socket_is_to_open(replace(deployed(OTHER), entries=entries), target)


def read(*lines: str) -> Contents:
    fact = HomeContents()
    fact.command(layout=sample_target().layout)
    return fact.process(list(lines))


def test_what_the_user_says_is_in_his_home_leads_nowhere_else() -> None:
    told = ("releases/1-2", ".virtualenvs/.a-3.11", "fooproject", "logs.new", ".cache/pip")
    assert read(*(f"o {path}" for path in told), "end").going == told
    bad = ("/etc", "..", "releases/..", "releases/a/b", "shared", "../x", "releases/.", "")
    found = read(*(f"{kind} {path}" for kind in "oed" for path in bad), "s ~", "end")
    assert (found.going, found.emptied, found.thinned) == ((), (), ())
    assert found.staying == ("~",)


@pytest.mark.parametrize(("lines", "is_whole"), [(["end"], True), (["o x"], False), ([], False)])
def test_a_home_that_was_not_read_to_its_end_is_not_whole(lines: list[str], is_whole: bool) -> None:
    assert read(*lines).is_whole == is_whole


def test_an_account_with_the_ca_goes_with_its_last_certificate(tmp_path: Path) -> None:
    account = "0123abcd"
    accounts = tmp_path / "accounts" / "ca.example" / "directory" / account
    accounts.mkdir(parents=True)
    (tmp_path / "keys").mkdir()
    (tmp_path / "csr").mkdir()
    renewals = {}
    for number, name in enumerate(("fooproject", "shop")):
        (tmp_path / "archive" / name).mkdir(parents=True)
        for key in (tmp_path / "archive" / name / "privkey1.pem", _key(tmp_path, number)):
            key.write_text(name)
        (tmp_path / "csr" / f"000{number}_csr-certbot.pem").touch()
        renewals[name] = tmp_path / "renewal" / f"{name}.conf"
        renewals[name].parent.mkdir(exist_ok=True)
        renewals[name].write_text(f"[renewalparams]\naccount = {account}\n")
    for name, renewal in renewals.items():
        words = [str(tmp_path), str(renewal), str(tmp_path / "archive" / name), str(renewal)]
        subprocess.run(["sh", "-euc", LEAVE_CERTIFICATES, "sh", *words], check=True)
        assert accounts.exists() == (name == "fooproject")
        assert not renewal.exists()
        assert not _key(tmp_path, 0).exists()
        assert _key(tmp_path, 1).exists() == (name == "fooproject")
    assert sorted(path.name for path in tmp_path.rglob("*")) == [
        *("accounts", "archive", "csr", "keys", "renewal")
    ]


def test_a_user_who_is_root_stays_and_is_told_of(tmp_path: Path) -> None:
    # With no other program to be found, nothing can be removed.
    (tmp_path / "id").write_text("#!/bin/sh\necho 0\n")
    (tmp_path / "id").chmod(0o755)
    words = ("shop", "shop", "/var/log/shop", "/home/shop", "/home/.shop.gone", "")
    done = subprocess.run(
        ["/bin/sh", "-euc", LEAVE_USER, "sh", *words],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr == "shop has root's number here; nothing of it was removed.\n"


def _key(folder: Path, number: int) -> Path:
    return folder / "keys" / f"000{number}_key-certbot.pem"
