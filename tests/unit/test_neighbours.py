"""Other projects on a host: what is theirs is refused, and left alone."""

import json
from dataclasses import replace

import pytest

from stack.database.files import dumps
from stack.host.files import File
from stack.host.observation import Entry, Observation
from stack.host.recorded import Project, projects_of
from stack.project.nginx_files import ENABLED, SITE
from stack.project.supervisor_files import CLOSED_SOCKET
from stack.project.target import Target
from stack.settings import SettingsError, load
from stack.settings.across_hosts import names_that_nginx_ignores
from stack.settings.inventory import load_all
from stack.state import conflicts
from stack.state.default_server import needs_a_nobody, nobodys
from stack.state.neighbours import arrives, programs_beside, served_by
from stack.state.refusal import refusals
from stack.state.supervisor_conflicts import of_supervisor
from tests.unit.hosts import SAMPLE, converged, entry_of, sample_target

OTHER = Project(
    "shop",
    names=("shop.example",),
    site="/etc/nginx/sites-available/shop",
    program="shop",
    program_file="/etc/supervisor/conf.d/shop.conf",
    programs=("mailer",),
    bind="127.0.0.1:8001",
)
ENTRY = Entry("file", "644", "root", "root", 1.0, 1.0)
NAMED = sample_target(default_server=False)


def wanted(**data: object) -> Target:
    """The sample project's host, with settings of any kind."""
    settings = load({"source": SAMPLE, "env": {"SECRET_KEY": "s3cret"}, **data}, "web1")
    return replace(sample_target(), settings=settings)


def beside(*projects: Project, target: Target | None = None) -> Observation:
    return replace(converged(target or sample_target()), projects=projects)


def told_of(seen: Observation, target: Target) -> str:
    """What of a project's settings is somebody else's on a host, a line for each."""
    return "\n".join(refusals(seen, target))


def refused(other: Project = OTHER, /, **data: object) -> str:
    return told_of(beside(other), wanted(**data))


def test_what_root_has_written_is_who_is_there() -> None:
    target = wanted(programs={"mailer": "sleep 1"}, default_server=False)
    [record] = [f for f in target.files.switch if f.path == str(target.layout.switch_values)]
    assert isinstance(record, File)
    [found] = projects_of([(record.path, record.content)])
    assert found == Project(
        "fooproject",
        names=("fooproject.se",),
        site="/etc/nginx/sites-available/fooproject",
        program="django",
        program_file=target.files.program.path,
        programs=("mailer",),
        bind="127.0.0.1:8000",
    )
    secure = wanted(tls="acme")
    [record] = [f for f in secure.files.switch if f.path == str(secure.layout.switch_values)]
    assert isinstance(record, File)
    [found] = projects_of([(record.path, record.content)])
    assert found.has_tls
    [database] = [f for f in dumps(target) if f.path.endswith("database.json")]
    assert isinstance(database, File)
    [found] = projects_of([(database.path, database.content)])
    assert found.has_database


@pytest.mark.parametrize("text", ["", "[1]", "{", '{"names": "x", "bind": 7, "site_file": null}'])
def test_a_record_that_is_damaged_is_one_all_the_same(text: str) -> None:
    assert projects_of([("/usr/local/lib/shop/switch.json", text)]) == (Project("shop"),)


LASTLOG = Entry("file", "664", "root", "utmp", 1.0, 1.0)


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/var/log/fooproject", LASTLOG),
        ("/var/log/fooproject", replace(LASTLOG, kind="directory", owner="exim")),
        ("/var/backups/fooproject", LASTLOG),
        ("/usr/local/lib/fooproject", replace(LASTLOG, kind="link")),
        ("/etc/ssl/fooproject", LASTLOG),
        ("/etc/logrotate.d/fooproject", ENTRY),
        ("/etc/profile.d/fooproject.sh", replace(ENTRY, kind="directory")),
    ],
)
def test_what_has_the_projects_name_and_is_nobodys_of_ours_is_refused(
    path: str, entry: Entry
) -> None:
    target = sample_target()
    told = told_of(Observation(entries={path: entry}), target)
    assert told.startswith(f'project = "fooproject": {path} exists, and no deployment has')
    # Where a deployment was, it is a drift.
    for was_here in (
        beside(Project("fooproject")),
        Observation(entries={str(target.layout.logs): entry_of(target.files.logs[0], 1.0)}),
        Observation(
            entries={"/var/backups/fooproject": Entry("directory", "700", "root", "", 1, 1)}
        ),
    ):
        if path not in was_here.entries or was_here.projects:
            seen = replace(was_here, entries={**was_here.entries, path: entry})
            assert told_of(seen, target) == ""


def test_a_neighbours_default_site_does_not_say_that_the_project_was_here() -> None:
    target = sample_target()
    [site] = [file for file in target.files.site if file.path == SITE]
    assert isinstance(site, File)
    path = "/etc/logrotate.d/fooproject"
    seen = Observation(entries={path: ENTRY}, nginx_files={SITE: site.content})
    assert told_of(seen, target) == ""
    told = told_of(replace(seen, projects=(replace(OTHER, site=SITE),)), target)
    assert f"{path} exists, and no deployment has made it" in told


def test_a_first_deployment_that_was_cut_anywhere_goes_on() -> None:
    target = sample_target()
    for file in target.files.all:
        seen = Observation(entries={file.path: entry_of(file, 1.0)})
        assert told_of(seen, target) == ""


def test_a_folder_that_a_person_made_for_the_project_is_taken_over() -> None:
    theirs = Entry("directory", "755", "fooproject", "users", 1.0, 1.0)
    assert told_of(Observation(entries={"/var/log/fooproject": theirs}), sample_target()) == ""


def test_projects_that_share_nothing_are_no_hindrance() -> None:
    assert refused() == ""
    assert refused(replace(OTHER, site=SITE), default_server=False) == ""


@pytest.mark.parametrize(
    ("data", "line"),
    [
        ({"server_name": ("a.example", "SHOP.example")}, 'server_name "SHOP.example" belongs to'),
        (
            {"server_name": ".shop.example"},
            'name ".shop.example" belongs to shop on this host, as "s',
        ),
        ({"bind": "127.0.0.1:8001"}, 'bind = "127.0.0.1:8001" belongs to shop'),
        ({"bind": "0.0.0.0:8001"}, "set bind to another port."),
        ({"program": "shop"}, 'program = "shop" belongs to shop'),
        ({"program": "mailer"}, 'program = "mailer" belongs to shop'),
        ({"programs": {"mailer": "sleep 1"}}, 'programs["mailer"] belongs to shop'),
    ],
)
def test_what_is_anothers_is_refused_with_its_name(data: dict[str, object], line: str) -> None:
    told = refused(OTHER, **data)
    assert line in told


def test_a_program_of_the_first_host_alone_takes_no_name_on_the_others() -> None:
    data = {"programs": {"mailer": {"command": "sleep 1", "hosts": "once"}, "web": "sleep 1"}}
    second = replace(wanted(**data), is_first=False)
    assert told_of(beside(OTHER), second) == ""
    assert 'programs["mailer"] belongs to shop' in told_of(beside(OTHER), wanted(**data))
    for target, programs in ((second, ("web",)), (wanted(**data), ("mailer", "web"))):
        [record] = [f for f in target.files.switch if f.path == str(target.layout.switch_values)]
        assert isinstance(record, File)
        [found] = projects_of([(record.path, record.content)])
        assert found.programs == programs


@pytest.mark.parametrize("said", ["[program:mailer]", "[group: mailer ]", "programs = a, mailer"])
def test_a_program_that_a_file_of_anothers_still_declares_is_refused(said: str) -> None:
    shop = replace(OTHER, programs=())
    theirs = (("/etc/supervisor/conf.d/shop-mailer.conf", said),)
    target = wanted(programs={"mailer": "sleep 1"})
    seen = replace(beside(shop), supervisor_strays=theirs)
    assert 'programs["mailer"] belongs to shop' in told_of(seen, target)
    assert of_supervisor(seen, target) == []
    assert told_of(seen, wanted(programs={"sender": "sleep 1"})) == ""


@pytest.mark.parametrize(
    ("theirs", "ours", "is_refused"),
    [
        ("127.0.0.1:8000", "127.0.0.2:8000", False),
        ("127.0.0.1:8000", "[::1]:8000", False),
        ("127.0.0.1:8000", "127.0.0.1:8001", False),
        ("127.0.0.1:8000", "0.0.0.0:8000", True),
        ("[::]:8000", "127.0.0.2:8000", True),
        ("[0::1]:8000", "[::1]:8000", True),
        ("unix:/run/a.sock", "unix:/run/a.sock", True),
        ("unix:/run/a.sock", "unix:/run/b.sock", False),
        # Nobody knows what it stands for.
        ("damaged:8000", "127.0.0.1:8000", True),
    ],
)
def test_two_projects_may_have_one_port_at_addresses_that_do_not_meet(
    theirs: str, ours: str, is_refused: bool
) -> None:
    told = refused(replace(OTHER, bind=theirs), bind=ours)
    assert (f'bind = "{ours}" belongs to shop on this host; set bind to' in told) == is_refused
    assert bool(told) == is_refused


def test_a_program_whose_file_would_be_anothers_is_refused() -> None:
    longer = replace(OTHER, name="fooproject-shop", programs=())
    assert 'programs["shop"] belongs to' in refused(longer, programs={"shop": "sleep 1"})


def test_a_site_whose_file_would_be_that_of_anothers_program_is_refused() -> None:
    other = replace(OTHER, name="shop", programs=("worker",))
    told = refused(other, project="shop-worker", wsgi="fooproject.wsgi")
    assert told.startswith(
        'project = "shop-worker": /etc/supervisor/conf.d/shop-worker.conf belongs to'
    )
    assert refused(other, project="shop-mailer", wsgi="fooproject.wsgi") == ""


def test_a_program_beside_a_neighbour_whose_name_this_one_begins_with_is_our_own() -> None:
    shop = replace(OTHER, programs=())
    data = {"project": "shop-staging", "wsgi": "fooproject.wsgi", "programs": {"worker": "true"}}
    assert refused(shop, **data) == ""
    own = "/etc/supervisor/conf.d/shop-staging-worker.conf"
    theirs = "/etc/supervisor/conf.d/shop-worker.conf"
    seen = replace(beside(shop), entries=dict.fromkeys((own, theirs), ENTRY))
    assert programs_beside(seen, "shop-staging") == [own]
    assert programs_beside(
        replace(seen, projects=(Project("shop-staging", program="a"),)), "shop"
    ) == [theirs]


def test_a_neighbours_programs_are_its_own_by_what_is_written_down() -> None:
    shop = replace(OTHER, programs=("staging-worker",))
    theirs = "/etc/supervisor/conf.d/shop-staging-worker.conf"
    told = refused(shop, project="shop-staging", wsgi="fooproject.wsgi")
    assert told.startswith(f'project = "shop-staging": {theirs} belongs to')
    seen = replace(beside(shop), entries={theirs: ENTRY})
    assert programs_beside(seen, "shop-staging") == []


def test_names_that_are_one_in_nginxs_variables_are_refused() -> None:
    twin = replace(OTHER, name="foo_project")
    told = refused(twin, project="foo-project", wsgi="fooproject.wsgi")
    assert told.startswith('project = "foo-project": foo_project on this host has that name')


def test_names_that_are_not_written_down_are_read_from_the_site() -> None:
    seen = replace(
        beside(replace(OTHER, names=())),
        nginx_files={"/etc/nginx/sites-enabled/shop": "server { server_name fooproject.se; }"},
    )
    assert 'server_name "fooproject.se" belongs to shop' in told_of(seen, sample_target())
    # Another name was declared since, and is not served.
    renamed = replace(OTHER, names=("new.example",))
    seen = replace(seen, projects=beside(renamed).projects)
    assert 'server_name "fooproject.se" belongs to shop' in told_of(seen, sample_target())


@pytest.mark.parametrize(
    ("theirs", "ours", "is_refused"),
    [
        (".fooproject.se", "fooproject.se", True),
        (".FooProject.se", "*.fooproject.se", True),
        ("*.fooproject.se", ".fooproject.se", True),
        ("*.fooproject.se", "fooproject.se", False),
        (".fooproject.se", "www.fooproject.se", False),
        ("fooproject.*", "fooproject.se", False),
        (".a.fooproject.se", ".fooproject.se", False),
    ],
)
def test_names_of_two_projects_are_compared_as_nginx_compares_them(
    theirs: str, ours: str, is_refused: bool
) -> None:
    told = refused(replace(OTHER, names=(theirs,)), server_name=ours)
    assert (f'server_name "{ours}" belongs to shop on this host, as "{theirs}"; ' in told) == (
        is_refused
    )
    assert bool(told) == is_refused


def test_one_project_of_a_host_answers_for_nobodys_names() -> None:
    first = replace(OTHER, site=SITE)
    assert "set default_server = False." in refused(first)
    assert not needs_a_nobody(beside(first, target=NAMED), NAMED)
    assert needs_a_nobody(beside(OTHER, target=NAMED), NAMED)
    assert not needs_a_nobody(beside(OTHER), sample_target())


def test_a_persons_own_default_stays_and_that_of_debians_package_goes() -> None:
    for path, text, is_ours in (
        ("/etc/nginx/sites-enabled/own", "listen 80 default_server; server_name a.example;", False),
        ("/etc/nginx/sites-enabled/own", "listen 80; server_name a.example;", True),
        ("/etc/nginx/sites-enabled/default", "listen 80 default_server; server_name _;", True),
        ("/etc/nginx/sites-enabled/default", "listen 80; server_name a.example;", False),
        ("/etc/nginx/sites-enabled/default", "listen 8080 default_server;", False),
        # These are put aside, as they claim the site's name.
        ("/etc/nginx/conf.d/own", "listen 80 default_server; server_name fooproject.se;", True),
        ("/etc/nginx/sites-enabled/default", "listen 80; server_name fooproject.se;", True),
    ):
        seen = replace(converged(NAMED), nginx_files={path: f"server {{ {text} }}"})
        assert needs_a_nobody(seen, NAMED) == is_ours, text


def test_nobody_refuses_https_where_a_site_has_it() -> None:
    plain, secure = (
        nobodys(beside(replace(OTHER, has_tls=has_tls), target=NAMED), NAMED)[0]
        for has_tls in (False, True)
    )
    assert isinstance(plain, File)
    assert isinstance(secure, File)
    assert "443" not in plain.content
    assert "ssl_reject_handshake on;" in secure.content


def test_a_projects_files_are_never_put_aside() -> None:
    text = "server { listen 80; server_name fooproject.se; }"
    target = sample_target()
    ours = [*target.files.nginx, target.files.link, *target.files.site]
    path = "/etc/nginx/sites-enabled/shop"
    strays = ("/etc/supervisor/conf.d/shop.conf", "/etc/supervisor/conf.d/shop-x.conf")
    said = tuple((stray, "[program:django]") for stray in strays)
    seen = replace(beside(OTHER), nginx_files={path: text}, supervisor_strays=said)
    assert conflicts.of_nginx(seen, ours) == []
    assert of_supervisor(seen, target) == []
    alone = replace(seen, projects=())
    assert conflicts.of_nginx(alone, ours) == [path]
    assert of_supervisor(alone, target) == list(strays)
    own = replace(seen, supervisor_strays=((CLOSED_SOCKET.path, "[unix_http_server]"),))
    assert of_supervisor(own, target) == []


def test_a_site_that_is_served_from_its_other_file_is_moved() -> None:
    own = Project("fooproject", site=SITE)
    served = {ENABLED: "server { listen 80 default_server; server_name fooproject.se; }"}
    seen = replace(beside(own, OTHER, target=NAMED), nginx_files=served)
    assert served_by(seen, NAMED) == SITE
    assert needs_a_nobody(seen, NAMED)
    assert served_by(seen, sample_target()) == ""
    assert served_by(replace(seen, nginx_files={}), NAMED) == ""
    more = replace(seen, nginx_files={ENABLED: served[ENABLED].replace("80 ", "80 a; listen 81 ")})
    ours = [*NAMED.files.nginx, NAMED.files.link, *NAMED.files.site]
    [lost] = conflicts.would_be_lost(more, ours, SITE)
    assert f"{SITE} serves more" in lost


def test_a_site_without_a_name_has_to_be_the_default() -> None:
    data = {"source": SAMPLE, "env": {"SECRET_KEY": "x"}, "server_name": "_"}
    with pytest.raises(SettingsError, match="stands for unknown names"):
        load_all({"web1": {**data, "default_server": False}})
    assert json.dumps(load_all({"web1": data})["web1"].server_name) == '["_"]'


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (
            ["x.se", ".x.se"],
            'server_name = ".x.se": is *.x.se and x.se, and Nginx takes neither after x.se; '
            "expected *.x.se in its place",
        ),
        (
            ["*.x.se", "a.se", ".X.se"],
            'server_name = ".X.se": is *.x.se and x.se, and Nginx takes neither after *.x.se; '
            "expected x.se in its place",
        ),
        # Of these it leaves out what it has.
        ([".x.se", "x.se", "*.x.se"], ""),
        (["x.se", "X.se", "www.x.se", "*.x.se"], ""),
    ],
)
def test_a_name_that_nginx_would_ignore_for_an_earlier_one_is_refused(
    names: list[str], line: str
) -> None:
    found = names_that_nginx_ignores({"web1": load({"source": ".", "server_name": names}, "web1")})
    assert [problem.text for problem in found] == ([line] if line else [])


def test_a_project_with_another_name_is_told_the_two_ways_there_are() -> None:
    old = replace(OTHER, names=("fooproject.se", "more.example"), bind="127.0.0.1:8000", site=SITE)
    told = refused(old)
    assert 'Keep project = "shop"; or have it leave first' in told
    assert "remove.py --data project=shop." in told
    dotted = replace(old, names=(".fooproject.se",))
    assert 'Keep project = "shop"' in refused(dotted)
    # One line: what else the two have in common follows from it.
    assert "default_server" not in told
    assert "belongs to shop" in refused(replace(old, bind="127.0.0.1:8001", site=OTHER.site))


def test_a_project_arrives_until_what_it_runs_is_written_down() -> None:
    assert arrives(Observation(), "shop")
    assert arrives(Observation(projects=(Project("shop", firewall=True), OTHER)), "shop")
    assert not arrives(Observation(projects=(Project("shop", program="django"),)), "shop")
