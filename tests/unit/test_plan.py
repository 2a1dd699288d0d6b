"""Which hosts are refused before anything is changed, and in which words."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from stack.facts.parsing import parse
from stack.host.files import Declared
from stack.host.observation import Observation
from stack.project.packages import app_packages
from stack.project.target import Target
from stack.settings import load
from stack.state.fitness import (
    hangs_on_patch,
    home_trouble,
    lacks_python,
    not_debians,
    not_its_own,
    too_old,
    unfit,
)
from stack.state.scope import must_read
from tests.unit.fake_hosts import inventory
from tests.unit.hosts import sample_target
from tests.unit.running import pyinfra

ROOT = Path(__file__).parents[2]
SETTINGS = load({"source": "."}, "web1")


def host(*systems: str, uid: int = 0) -> Observation:
    """A host with such lines of ID and ID_LIKE in os-release."""
    return parse(
        [f"uid\t{uid}", "home\t/home/fooproject\t-", *(f"os\t{system}" for system in systems)]
    )


@pytest.mark.parametrize(
    "systems",
    [["debian"], ["ubuntu", "debian"], ["linuxmint", "ubuntu debian"], ["raspbian", "debian"]],
)
def test_debian_and_its_family_are_taken(systems: list[str]) -> None:
    assert unfit(host(*systems), SETTINGS) == ""


@pytest.mark.parametrize(
    ("systems", "name"),
    [
        (["alpine"], "alpine"),
        (["fedora"], "fedora"),
        (["rocky", "rhel centos fedora"], "rocky"),
        (["debianish"], "debianish"),
        ([], "something unknown"),
    ],
)
@pytest.mark.parametrize("uid", [0, 1000])
def test_any_other_system_is_refused_in_one_line(systems: list[str], name: str, uid: int) -> None:
    assert unfit(host(*systems, uid=uid), SETTINGS) == (
        f"runs {name}; this deploys to Debian and Ubuntu."
    )


@pytest.mark.parametrize(
    ("system", "version", "told"),
    [
        (
            "debian",
            "11",
            "runs debian 11; this deploys to debian 12 and newer.",
        ),
        ("debian", "12", ""),
        ("debian", "13", ""),
        ("debian", "", ""),
        (
            "ubuntu",
            "9.10",
            "runs ubuntu 9.10; this deploys to ubuntu 24.04 and newer.",
        ),
        (
            "ubuntu",
            "22.04",
            "runs ubuntu 22.04; this deploys to ubuntu 24.04 and newer.",
        ),
        ("ubuntu", "24.04", ""),
        ("linuxmint", "22", ""),
    ],
)
def test_a_system_that_is_too_old_is_refused(system: str, version: str, told: str) -> None:
    lines = ["uid\t0", "home\t/home/fooproject\t-", f"os\t{system}", "os\tdebian"]
    seen = parse([*lines, *([f"os-version\t{version}"] if version else [])])
    assert unfit(seen, SETTINGS) == told


@pytest.mark.parametrize("uid", [1000, -1])
def test_a_user_who_is_not_root_is_told_of_sudo(uid: int) -> None:
    told = unfit(host("debian", uid=uid), SETTINGS)
    assert "_sudo = True" in told
    assert "--sudo" in told
    assert "\n" not in told


def test_a_home_that_programs_cannot_run_from_is_said() -> None:
    assert home_trouble(host("debian")) == ""
    for record, told in (
        ("without\tprograms\t/home", "/home is mounted noexec"),
        ("without\twriting\t/", "/ is mounted read-only"),
    ):
        assert home_trouble(parse([record])).startswith(told)


def test_a_home_that_cannot_be_read_is_said_and_not_taken_for_empty() -> None:
    told = unfit(replace(host("debian"), is_whole=False), SETTINGS)
    assert told.startswith("/home/fooproject could not be read to its end")


def test_an_account_that_no_file_of_the_hosts_has_is_refused() -> None:
    seen = host("debian")
    assert not_its_own(seen, SETTINGS) == ""
    told = not_its_own(replace(seen, user_is_elsewhere=True), SETTINGS)
    assert "fooproject is not in /etc/passwd" in told
    assert "set project to another name." in told


@pytest.mark.parametrize(
    ("unit", "says"),
    [
        ("supervisord.service", "systemctl disable --now supervisord.service"),
        ("x.scope", "end it"),
        ("", "end it"),
    ],
)
def test_another_supervisord_in_the_place_of_debians_is_refused_with_its_unit(
    unit: str, says: str
) -> None:
    seen = host("debian")
    assert not_debians(seen) == ""
    told = not_debians(replace(seen, at_supervisors_socket=("supervisord (process 7)", unit)))
    assert f"supervisord (process 7){unit and f', of {unit}'}. " in told
    assert says in told


def test_a_python_that_is_not_there_is_said_with_those_that_are() -> None:
    seen = replace(host("debian"), interpreters=("python3.11",))
    wants = SETTINGS.model_copy(update={"python": "python3.13"})
    told = lacks_python(seen, wants)
    assert 'python = "python3.13"' in told
    assert "has python3.11" in told
    assert lacks_python(replace(seen, python="3.13"), wants) == ""
    brought = wants.model_copy(update={"extra_packages": ("python3.13-venv",)})
    assert lacks_python(seen, brought) == ""
    assert lacks_python(replace(seen, packages=frozenset({"python3.13-venv"})), brought) != ""
    # Debian's own comes with the packages.
    assert lacks_python(seen, SETTINGS) == ""


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [("", True), (">=3.11", True), (">=3.11.4", True), ("~=3.11", True), ("nonsense", True)]
    + [(">=3.12", False), ("<3.11", False), ("==3.10.*", False)],
)
def test_a_python_that_the_project_does_not_run_on_is_told(wanted: str, fits: bool) -> None:
    seen = replace(host("debian"), python="3.11", interpreters=("python3.11",))
    told = too_old(seen, SETTINGS, wanted, "")
    assert (told == "") is fits
    assert fits or f'requires-python = "{wanted}". The host has python3.11' in told
    assert too_old(replace(seen, python=""), SETTINGS, wanted, "") == ""
    assert too_old(seen, SETTINGS, ">=3.14.2", "3.14.2") == ""
    assert '"python3": is Python 3.14.1,' in too_old(seen, SETTINGS, ">=3.14.2", "3.14.1")


@pytest.mark.parametrize(
    ("wanted", "exact", "fits"),
    [("==3.11.2", "3.11.2", True), (">=3.11.4", "3.11.2", False), ("!=3.11.2", "3.11.2", False)]
    + [("~=3.11.3", "3.11.4", True), ("==3.11.2.*", "3.11.2", True), ("==3.11.2", "", False)],
)
def test_a_python_is_compared_to_its_last_number_where_the_project_names_one(
    wanted: str, exact: str, fits: bool
) -> None:
    seen = replace(host("debian"), python="3.11", interpreters=("python3.11",))
    assert hangs_on_patch(seen, wanted)
    told = too_old(seen, SETTINGS, wanted, exact)
    assert (told == "") is fits
    assert fits or f"is Python {exact or '3.11'}, and pyproject.toml" in told


@pytest.mark.parametrize("wanted", ["", ">=3.11", "~=3.11", "==3.11.*", ">=3.12.4", "nonsense"])
def test_nothing_is_asked_of_a_python_that_does_not_change_the_answer(wanted: str) -> None:
    assert not hangs_on_patch(replace(host("debian"), python="3.11"), wanted)


TARGET = sample_target()


@pytest.mark.parametrize(
    "files",
    [
        TARGET.files.all,
        list(TARGET.files.programs.values()),
    ],
)
def test_every_file_that_is_declared_is_read(files: Sequence[Declared]) -> None:
    must_read(TARGET, paths=[file.path for file in files])


def test_every_package_that_is_installed_is_read() -> None:
    must_read(TARGET, packages=app_packages(TARGET.settings))


@pytest.mark.parametrize(
    ("command", "runs"),
    [
        ("manage.py beat 5%", "with-env python manage.py beat 5%%"),
        ("celery -A x", "with-env celery -A x"),
    ],
)
def test_manage_py_of_a_program_runs_by_the_releases_python(command: str, runs: str) -> None:
    settings = load({"source": ".", "programs": {"beat": command}}, "web1")
    content = Target(settings, release=TARGET.release).files.programs["beat"].content
    assert f"{runs}\n" in content


def test_what_is_not_read_is_not_compared() -> None:
    with pytest.raises(LookupError, match="/etc/forgotten, nano"):
        must_read(TARGET, paths=["/etc/forgotten"], packages=["nano"])


def test_a_mistake_of_a_persons_is_told_without_our_lines(tmp_path: Path) -> None:
    (tmp_path / "inventory.py").write_text(
        'app = [("@fake/web", {"source": "tests/project", "workers": 0})]\n'
    )
    done = subprocess.run(
        [
            Path(sys.executable).with_name("pyinfra"),
            tmp_path / "inventory.py",
            "deploy.py",
            "--dry",
        ],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "workers = 0: expected a whole number of at least 1" in done.stderr
    assert ".py" not in done.stderr.partition("Loading: deploy.py")[2]


def lines_of_checking(folder: Path, entry: str) -> int:
    """How many lines of the check of all settings a run of an entry file goes through."""
    path, counts = folder / "inventory.py", folder / "counts.json"
    path.write_text(inventory(2))
    pyinfra(path, entry, counts=counts)
    found = json.loads(counts.read_text())
    return sum(count for name, count in found.items() if name.endswith(" load_all"))


def test_entry_files_that_include_one_another_check_the_settings_once(tmp_path: Path) -> None:
    once = lines_of_checking(tmp_path, "drift.py")
    assert once > 0
    assert lines_of_checking(tmp_path, "status.py") == once
