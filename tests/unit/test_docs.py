"""What README.md and the pages in docs/ tell a person to type or to look at is there.

Their table of the settings, of the departures from the article, and of threats are held by
test_settings.py, test_article.py and test_threats_page.py.
"""

import re
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from pydantic import SecretStr

from stack.database import files as database_files
from stack.database.observation import Cluster
from stack.host.files import File
from stack.host.systems import SYSTEMS
from stack.inventory.roles import ROLES
from stack.project import firewall, host_wide
from stack.project.target import Target
from stack.settings import load, load_all
from stack.settings.database import Database
from stack.settings.front import Front
from tests.unit.running import pyinfra

ROOT = Path(__file__).parents[2]
README = "README.md"
PAGES = {
    str(path.relative_to(ROOT)): path.read_text()
    for path in (ROOT / README, *sorted((ROOT / "docs").glob("*.md")))
}
LONGEST_README = 200
NOT_PYINFRAS = {
    "--index-url",
    *("--venv", "--deploy", "--check"),
    *("--natural-foreign", "--natural-primary", "--output"),
    *("--schedule", "--resolve"),
}
"""Options of bin/setup, of manage.py check, of Ansible, Celery and curl; of manage.py dumpdata."""


def code(page: str) -> list[str]:
    """The lines and words of a page that are set as code, and its examples in Python."""
    text = PAGES[page]
    return [
        *re.findall(r"^ {4}(\S.*)$", text, re.M),
        *re.findall(r"`([^`\n]+)`", text),
        *fenced(page),
    ]


def fenced(page: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```", PAGES[page], re.M | re.S)


def words(page: str) -> set[str]:
    return {word.rstrip(".,:;") for line in code(page) for word in line.split()}


def of_all_pages(pattern: str) -> set[str]:
    return {found for page in PAGES for line in code(page) for found in re.findall(pattern, line)}


def section(page: str, title: str) -> str:
    return re.split(r"^## ", PAGES[page].partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.M)[0]


def example(page: str, part: str) -> dict[str, object]:
    """What the page's example in Python that has such a line defines."""
    (text,) = [text for text in fenced(page) if part in text]
    names: dict[str, object] = {}
    exec(text, names)  # noqa: S102 - it is what a newcomer pastes
    return {name: value for name, value in names.items() if name != "__builtins__"}


def test_the_readme_is_no_longer_than_a_person_reads() -> None:
    assert len(PAGES[README].splitlines()) <= LONGEST_README


def test_the_readme_names_the_packages_that_its_own_setup_asks_root_for() -> None:
    asked = re.findall(r"^ +apt_install (python3 .*)$", (ROOT / "bin/setup").read_text(), re.M)
    assert len(asked) == 1
    (needs,) = re.findall(r"^You need Python.*?\n\n", PAGES[README], re.M | re.S)
    # Whoever has Python has python3.
    assert all(f"`{one}`" in needs for one in asked[0].split() if one != "python3")


def test_the_readme_leads_to_every_page() -> None:
    told = set(re.findall(r"\]\((docs/[^)#]+\.md)", PAGES[README]))
    assert told == PAGES.keys() - {README}


def test_every_make_target_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    told = of_all_pages(r"\bmake ([a-z-]+)")
    assert told >= {"demo", "test", "demo-down", "docs"}
    assert told <= targets


def paths(page: str) -> set[str]:
    """What the page names of this repository: names in capitals stand for any."""
    own = "|".join(path.name for path in ROOT.iterdir() if path.is_dir() and path.name != ".venv")
    entries = "deploy|rollback|restore|remove|maintenance|status|drift|inventory|config"
    named = {word for word in words(page) if re.fullmatch(rf"({own})/.*|({entries})\.py", word)}
    # A person's own, beside the inventory.
    return {one for one in named if not re.match(r"group_data/.|.*\b[A-Z]+\.py", one)}


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_names_is_there(page: str) -> None:
    assert {path for path in paths(page) if not (ROOT / path).exists()} == set()


def test_pages_name_files() -> None:
    named = {path for page in PAGES for path in paths(page)}
    assert named >= {"deploy.py", "drift.py", "stack/secrets.py", "stack/settings/server.py"}


def anchors(page: str) -> set[str]:
    """The names that GitHub gives to a page's headings."""
    titles = re.findall(r"^#+ (.*)$", PAGES[page], re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page: str) -> None:
    lost = []
    for link in re.findall(r"\]\(([^):]+)\)", PAGES[page]):
        path, _, anchor = link.partition("#")
        target = ((ROOT / page).parent / path).resolve() if path else ROOT / page
        name = str(target.relative_to(ROOT))
        if not target.exists() or (anchor and anchor not in anchors(name)):
            lost.append(link)
    assert lost == []


def test_every_option_of_pyinfras_is_there() -> None:
    known = set(re.findall(r"--[a-z-]+", pyinfra("--help").stdout))
    told = of_all_pages(r"(?<!\S)--[a-z-]+") - NOT_PYINFRAS
    assert told >= {"--dry", "--diff", "--limit", "--group-data", "--chdir"}
    assert told <= known


def test_every_test_that_a_page_names_is_there() -> None:
    there = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r"^ *def (test_\w+)", path.read_text(), re.M)
    }
    told = of_all_pages(r"^(test_\w+)$")
    assert "test_every_file_that_is_declared_is_read" in told
    assert told <= there


def test_every_role_is_told() -> None:
    assert set(ROLES) <= of_all_pages(r"^(\w+)$")


def test_every_role_has_a_task_of_its_own() -> None:
    tasks = "".join(path.read_text() for path in (ROOT / "tasks").glob("*.py"))
    assert {role for role in ROLES if f"@on({role.upper()})" not in tasks} == set()


def test_the_example_of_group_data_is_taken_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("DATABASE_URL", "postgres:///shop")
    settings = load(example(README, "project = "), "web1")
    assert settings.wsgi == "shop.wsgi"
    assert settings.env["DATABASE_URL"].get_secret_value() == "postgres:///shop"


def test_the_example_of_an_inventory_is_one() -> None:
    assert example(README, "app = [\n") == {"app": [("203.0.113.10", {"ssh_user": "root"})]}


def test_the_example_of_a_database_is_one() -> None:
    common = {"source": "tests/project", "database_password": "x"}
    hosts: dict[str, dict[str, object]] = {}
    groups: dict[str, list[str]] = {}
    inventory = example("docs/database.md", "db = ") | example("docs/front.md", "lb = ")
    for group, entries in inventory.items():
        assert isinstance(entries, list)
        for name, data in entries:
            hosts[name], groups[name] = {**common, **data}, [group]
    settings = load_all(hosts, groups)
    url = settings["203.0.113.10"].env["DATABASE_URL"].get_secret_value()
    assert url == "postgres://fooproject:x@10.0.0.20:5432/fooproject"


def test_the_example_of_a_proxy_is_taken() -> None:
    proxies = example("docs/front.md", "trusted_proxies")
    assert load({"source": ".", **proxies}, "web1").trusted_proxies


ASKS_FOR_MORE = {
    "unavailable_page": "<p>away</p>",
    "nginx_server": "etag on;",
    "programs": {"worker": "sleep infinity"},
    "schedules": {"clear": {"command": "true", "when": "daily"}},
}


def test_every_file_of_roots_is_in_the_table_of_what_lands_where() -> None:
    told = re.findall(r"`([^`]+)`", section("docs/server.md", "What lands where"))
    settings = load({"source": "."}, "web1")
    # Visitors come to this one, as they do not to an app host behind balancers.
    alone = Target(load({"source": ".", **ASKS_FOR_MORE}, "web1"))
    target = Target(settings, front=Front(settings, ("10.0.0.1",), ("10.0.0.5",)))
    database = Database("fooproject", SecretStr("x"), "10.0.0.9", ())
    cluster = Cluster("VERSION", "main", "auto", 0.0, True)
    ours = {"source": ".", "tls_certificate": "-----BEGIN ", "tls_key": "-----BEGIN "}
    by_https = [Target(load({**ours, "tls": tls}, "web1")) for tls in ("acme", "files")]
    for file in [
        *target.files.all,
        *alone.files.all,
        *(file for one in by_https for file in one.files.https),
        *host_wide.record(Target(load({"source": ".", "automatic_updates": True}, "web1"))),
        *(host_wide.UPDATES, host_wide.NEEDRESTART, host_wide.SWAP),
        *(firewall.table([22]), firewall.of_project("fooproject", []), firewall.UNIT_FILE),
        *target.files.balancer,
        *database_files.server(database, cluster),
        *database_files.dumps(target),
    ]:
        inside = any(file.path.startswith(f"{path}/") for path in told)
        link = Path(file.path).name in told or "sites-enabled" in told
        named = any(fnmatchcase(file.path, path) for path in told)
        assert named or inside or (not isinstance(file, File) and link), file.path


def test_readme_names_the_systems_that_this_is_for_and_no_other() -> None:
    of_each = {one.id: [its.version for its in SYSTEMS if its.id == one.id] for one in SYSTEMS}

    def named(word: str) -> list[str]:
        return [f"{its.capitalize()} {word.join(versions)}" for its, versions in of_each.items()]

    assert f"a server with {', or '.join(named(' or '))}, that you reach" in PAGES[README]
    assert f"| Systems | {', '.join(named(' and '))}: each is tested" in PAGES[README]


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_has_root_type_needs_no_sudo(page: str) -> None:
    assert [line for line in code(page) if re.search(r"\bsudo -", line) and "-i" not in line] == []
