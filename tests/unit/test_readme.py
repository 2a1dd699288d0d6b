"""What README.md tells a newcomer to type or to look at is there. Its settings table and its
departures from the article are held by test_settings.py and test_article.py."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from stack.database import files as database_files
from stack.database.observation import Cluster
from stack.host.files import File
from stack.project.target import Target
from stack.settings import load, load_all
from stack.settings.database import Database
from stack.settings.front import Front

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text()
INDENTED = re.findall(r"^ {4}(\S.*)$", TEXT, re.M)
INLINE = re.findall(r"`([^`\n]+)`", TEXT)
FENCED = re.findall(r"^```python\n(.*?)^```", TEXT, re.M | re.S)
CODE = [*INDENTED, *INLINE, *FENCED]
WORDS = {word.rstrip(".,:;") for code in CODE for word in code.split()}


def section(title: str) -> str:
    return re.split(r"^## ", TEXT.partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.M)[0]


def example(part: str) -> dict[str, object]:
    """What the example in Python that has such a line defines."""
    (code,) = [code for code in FENCED if part in code]
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - it is what a newcomer pastes
    return {name: value for name, value in names.items() if name != "__builtins__"}


def test_every_make_target_is_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    told = set(re.findall(r"\bmake ([a-z-]+)", "\n".join(CODE)))
    assert told >= {"demo", "test", "demo-down"}
    assert told <= targets


def paths() -> list[str]:
    """What the README names of this repository: names in capitals stand for any."""
    own = "|".join(path.name for path in ROOT.iterdir() if path.is_dir() and path.name != ".venv")
    named = [
        w for w in WORDS if re.fullmatch(rf"({own})/.*|(deploy|drift|inventory|config)\.py", w)
    ]
    links = [link for link in re.findall(r"\]\(([^)]+)\)", TEXT) if ":" not in link]
    return sorted({w for w in [*named, *links] if not re.search(r"\b[A-Z]+\.py", w)})


@pytest.mark.parametrize("path", paths())
def test_every_file_that_it_names_is_there(path: str) -> None:
    assert (ROOT / path).exists()


def test_it_names_files() -> None:
    assert set(paths()) >= {"LICENSE", "deploy.py", "group_data/all.py", "stack/secrets.py"}


def test_every_option_of_pyinfras_is_there() -> None:
    command = [str(Path(sys.executable).with_name("pyinfra")), "--help"]
    known = set(re.findall(r"--[a-z-]+", subprocess.check_output(command, text=True)))
    told = {word.partition("=")[0] for word in WORDS if word.startswith("--")}
    told -= {"--venv", "--deploy"}  # of bin/setup, and of manage.py check
    assert told >= {"--dry", "--diff", "--limit"}
    assert told <= known


def test_the_example_of_group_data_is_taken_as_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "x")
    monkeypatch.setenv("DATABASE_URL", "postgres:///shop")
    settings = load(example("project = "), "web1")
    assert settings.wsgi == "shop.wsgi"
    assert settings.env["DATABASE_URL"].get_secret_value() == "postgres:///shop"


def test_the_example_of_an_inventory_is_one() -> None:
    assert example("app = [\n") == {"app": [("203.0.113.10", {"ssh_user": "root"})]}


def test_the_example_of_a_database_is_one() -> None:
    common = {"source": "tests/project", "database_password": "x"}
    hosts: dict[str, dict[str, object]] = {}
    groups: dict[str, list[str]] = {}
    for group, entries in (example("db = ") | example("lb = ")).items():
        assert isinstance(entries, list)
        for name, data in entries:
            hosts[name], groups[name] = {**common, **data}, [group]
    settings = load_all(hosts, groups)
    url = settings["203.0.113.10"].env["DATABASE_URL"].get_secret_value()
    assert url == "postgres://fooproject:x@10.0.0.20:5432/fooproject"


def test_every_file_of_roots_is_in_the_table_of_what_lands_where() -> None:
    told = re.findall(r"`([^`]+)`", section("What lands where"))
    settings = load({"source": "."}, "web1")
    target = Target(settings, front=Front(settings, ("10.0.0.1",), ("10.0.0.5",)))
    database = Database("fooproject", SecretStr("x"), "10.0.0.9", ())
    cluster = Cluster("VERSION", "main", "auto", 0.0, True)
    for file in [
        *target.files.all,
        *target.files.balancer,
        *database_files.server(database, cluster),
        *database_files.dumps(target),
    ]:
        inside = any(file.path.startswith(f"{path}/") for path in told)
        link = Path(file.path).name in told or "sites-enabled" in told
        assert file.path in told or inside or (not isinstance(file, File) and link), file.path
