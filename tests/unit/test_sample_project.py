"""The sample project holds by itself, before any host sees it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1] / "project"
MADE = ("data", "media", "static", "__pycache__")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy, as a server has it: nothing that was made by running it in place."""
    copy = tmp_path / "project"

    def made(folder: str, names: list[str]) -> list[str]:
        return [n for n in names if n == "__pycache__" or (Path(folder) == PROJECT and n in MADE)]

    return Path(shutil.copytree(PROJECT, copy, ignore=made))


def manage(project: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run manage.py with no more of an environment than is said."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=project,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **env},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--deploy", "--fail-level", "ERROR"),
        ("makemigrations", "--check"),
    ],
    ids=" ".join,
)
def test_it_holds(project: Path, arguments: tuple[str, ...]) -> None:
    result = manage(project, *arguments, SECRET_KEY="test")
    assert result.returncode == 0, result.stdout + result.stderr


def test_its_tests_are_found_and_pass(project: Path) -> None:
    result = manage(project, "test", "--verbosity", "2", SECRET_KEY="test")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "test_a_token_counts_once" in result.stderr


def test_a_secret_key_is_required(project: Path) -> None:
    refused = manage(project, "check")
    assert refused.returncode != 0
    assert "SECRET_KEY is not set" in refused.stderr
    assert manage(project, "check", DEBUG="1").returncode == 0


def test_it_makes_nothing_in_a_release_but_static(project: Path) -> None:
    before = {path.name for path in project.iterdir()}
    result = manage(project, "collectstatic", "--noinput", SECRET_KEY="test")
    assert result.returncode == 0, result.stdout + result.stderr
    assert {path.name for path in project.iterdir()} - before == {"static"}
