"""A person's values live in a folder of their own, outside this clone, and nowhere else.

pyinfra reads `group_data/` of the folder that it runs in, which is this clone, and then that of the
inventory's folder.
"""

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.running import pyinfra

ROOT = Path(__file__).parents[2]
SHARED = """
from pathlib import Path

from stack.secrets import from_environment

project = "shop"
source = str(Path(__file__).parents[2] / "shop")
env = {"SECRET_KEY": from_environment("SECRET_KEY")}
workers = 2
"""
FILES = {
    "staging.py": 'app = [("@fake/staging1", {"ssh_user": "anna"})]\n',
    "production.py": 'app = ["@fake/web1", "@fake/web2"]\ndb = ["@fake/db1"]\n',
    "group_data/all.py": SHARED,
    "group_data/app.py": "workers = 3\n",
    "group_data/production.py": "workers = 9\n",
}


@pytest.fixture
def servers(tmp_path: Path) -> Path:
    """A person's own folder, with two environments."""
    folder = tmp_path / "servers"
    (folder / "group_data").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


def data_of(*words: str | Path, cwd: Path = ROOT) -> dict[str, dict[str, Any]]:
    """What pyinfra knows of each host."""
    told = pyinfra(*words, "debug-inventory", "--json", cwd=cwd)
    assert told.returncode == 0, told.stderr
    return {host["name"]: host["data"] for host in json.loads(told.stdout)}


def test_this_clone_sets_nothing() -> None:
    files = list((ROOT / "group_data").glob("*.py"))
    assert [file.name for file in files] == ["all.py"]
    for file in files:
        assert [name for name in runpy.run_path(str(file)) if not name.startswith("__")] == []


def test_a_host_has_the_values_of_its_own_folder_alone(servers: Path) -> None:
    (data,) = data_of(servers / "staging.py").values()
    assert data.pop("env")
    assert data == {
        "project": "shop",
        "source": str(servers.parent / "shop"),
        "workers": 3,
        "ssh_user": "anna",
    }


def test_two_inventories_are_two_environments(servers: Path) -> None:
    staging, production = data_of(servers / "staging.py"), data_of(servers / "production.py")
    assert {name: data["workers"] for name, data in staging.items()} == {"@fake/staging1": 3}
    # A file that is named after the inventory wins over one that is named after a role.
    assert {name: data["workers"] for name, data in production.items()} == {
        "@fake/web1": 9,
        "@fake/web2": 9,
        "@fake/db1": 9,
    }


def test_pyinfra_is_run_from_ones_own_folder_too(servers: Path) -> None:
    elsewhere = data_of("--chdir", ROOT, servers / "production.py", cwd=servers)
    assert elsewhere == data_of(servers / "production.py")


@pytest.mark.parametrize("inventory", ["staging.py", "@local"])
@pytest.mark.parametrize(
    "its",
    [
        pytest.param({}, id="nothing is found"),
        pytest.param({"PYTHONPATH": str(ROOT)}, id="modules are found, and config.py is not"),
    ],
)
def test_a_run_in_another_folder_is_told_where_to_run(
    servers: Path, inventory: str, its: dict[str, str]
) -> None:
    told = subprocess.run(
        [Path(sys.executable).with_name("pyinfra"), inventory, ROOT / "deploy.py", "--dry"],
        cwd=servers,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": "x", **its},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 1
    assert f"add --chdir {ROOT} and give" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_server_itself_takes_the_folder_by_its_name(servers: Path) -> None:
    (data,) = data_of("@local", "--group-data", servers / "group_data").values()
    assert data["project"] == "shop"


def test_what_is_sent_to_hosts_is_the_same_in_every_locale() -> None:
    code = (
        "import hashlib, stack.onhost as o, stack.onhost.inside as i; "
        "sent = [*o.package('switch').values(), o.script('masking'), i.code('check')]; "
        "print(hashlib.sha256(repr(sent).encode()).hexdigest())"
    )
    plain = {"PATH": os.environ["PATH"], "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=ROOT,
            env={**plain, "LC_ALL": locale},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for locale in ("C", "C.UTF-8")
    }
    assert len(told) == 1
