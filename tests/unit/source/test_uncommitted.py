"""What is not committed: a person is told."""

import os
import shutil
from pathlib import Path

import pytest

from stack.source.resolving import resolve_anew as resolve
from tests.unit.source.repositories import Git


def test_of_what_is_not_committed_a_person_is_told(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert resolve(str(repository), "HEAD").left_out() == []
    for path in ("manage.py", "new.py", "shop/a.py", "shop/b.py", ".env", "a.swp", "notes"):
        (repository / path).parent.mkdir(exist_ok=True)
        (repository / path).write_text("changed")
    (repository / ".gitignore").write_text(".env\n.gitignore\n")
    (repository / ".git/info/exclude").write_text("notes\n")
    (tmp_path / "config/git").mkdir(parents=True)
    (tmp_path / "config/git/ignore").write_text("*.swp\n")
    assert resolve(str(repository), "HEAD").left_out() == ["manage.py", "new.py", "shop/"]


def test_a_terminal_obeys_nothing_in_its_name(repository: Path) -> None:
    (repository / "\x1b]0;x\x07\udcff").touch()
    assert resolve(str(repository), "HEAD").left_out() == ["?]0;x?\ufffd"]


def test_what_is_not_committed_is_known_and_runs_nothing(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    source = resolve(str(repository), "HEAD")
    assert source.left_out() == []
    tracked = git("ls-files", cwd=repository).split()[0]
    (repository / tracked).write_text("changed")
    ran = tmp_path / "ran"
    (repository / ".git/info/attributes").write_text("* filter=evil\n")
    git("config", "filter.evil.clean", f"touch {ran}; cat", cwd=repository)
    git("config", "core.fsmonitor", f"touch {ran}", cwd=repository)
    assert source.left_out() == [tracked]
    assert not ran.exists()


@pytest.mark.parametrize("is_split", [False, True])
def test_files_whose_times_alone_are_others_are_committed(
    repository: Path, git: Git, tmp_path: Path, is_split: bool
) -> None:
    if is_split:
        git("update-index", "--split-index", cwd=repository)
    index = (repository / ".git/index").read_bytes()
    (repository / "manage.py").touch()
    assert resolve(str(repository), "HEAD").left_out() == []
    (repository / "app/run").write_text("changed")
    assert resolve(str(repository), "HEAD").left_out() == ["app/run"]
    assert (repository / ".git/index").read_bytes() == index
    copy = shutil.copytree(repository, tmp_path / "copied", copy_function=shutil.copyfile)
    (copy / "app/run").chmod(0o755)
    assert resolve(str(copy), "HEAD").left_out() == ["app/run"]


def test_a_change_that_keeps_size_and_time_of_the_index_is_found(
    repository: Path, git: Git
) -> None:
    """Made in the moment of a commit, it has the time of the commit's index."""
    path, index = repository / "manage.py", repository / ".git/index"
    its = path.stat()
    path.write_text(path.read_text().replace("2", "3"))
    for one in (path, index):
        os.utime(one, ns=(its.st_atime_ns, its.st_mtime_ns))
    assert resolve(str(repository), "HEAD").left_out() == ["manage.py"]
