"""A repository that is made once and copied for each test, and a plain folder."""

from functools import partial
from pathlib import Path

import pytest

from tests.unit.source.repositories import Git, copied, run_git, with_its_own_configuration


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Runs git in tmp_path, with no configuration but its own."""
    with_its_own_configuration(monkeypatch)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return partial(run_git, cwd=tmp_path)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a repository that is made once, and copied for each test: see `repository`."""
    folder = tmp_path_factory.mktemp("made")
    path = folder / "project"
    with pytest.MonkeyPatch.context() as monkeypatch:
        with_its_own_configuration(monkeypatch)
        run_git("init", "--quiet", "--initial-branch=main", str(path), cwd=folder)
        for number, mark in enumerate(["tag", "branch", "checkout"]):
            (path / "manage.py").write_text(f"# {number}\n")
            (path / "app").mkdir(exist_ok=True)
            (path / "app/run").write_text("#!/bin/sh\n")
            (path / "app/run").chmod(0o755)
            run_git("add", "--all", cwd=path)
            run_git("commit", "--quiet", "--message", mark, cwd=path)
            if mark != "checkout":
                run_git(mark, f"a-{mark}", cwd=path)
    return folder


@pytest.fixture
def repository(made: Path, tmp_path: Path, git: Git) -> Path:
    """A repository whose branch, tag and HEAD are at different commits."""
    return copied(made, tmp_path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "plain"
    (path / "app").mkdir(parents=True)
    (path / "manage.py").write_text("# manage\n")
    (path / "app/run").write_text("#!/bin/sh\n")
    (path / "app/run").chmod(0o700)
    (path / "link.py").symlink_to("manage.py")
    return path
