"""A git repository on this machine."""

import os
import shutil
import time
from pathlib import Path

import pytest

from stack.settings import load
from stack.settings.against_source import source_problems
from stack.source import SourceError
from stack.source.resolving import resolve_anew as resolve
from tests.unit.source.repositories import Git, members, refusal


def test_what_is_not_committed_is_left_out(repository: Path) -> None:
    (repository / "manage.py").write_text("changed")
    (repository / "new.py").write_text("")
    source = resolve(str(repository), "HEAD")
    assert source.read("manage.py") == b"# 2\n"
    assert not source.exists("new.py")
    assert "new.py" not in members(source)


def test_a_git_that_was_ended_is_not_the_repositorys_fault(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the kernel ends it, where memory is short, and Ctrl-C."""
    lines = [
        "#!/bin/sh",
        'case " $* " in *" archive "*) kill -KILL $$ ;; esac',
        f'exec {shutil.which("git")} "$@"',
    ]
    (tmp_path / "bin").mkdir()
    ended = tmp_path / "bin" / "git"
    ended.write_text("\n".join(lines))
    ended.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    source = resolve(str(repository), "HEAD")
    with pytest.raises(SourceError, match=r'": cannot be read: git was ended by SIGKILL$'):
        source.archive()


def test_a_bare_repository_a_worktree_and_a_clone_are_the_same(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    git("clone", "--quiet", "--bare", "project", "bare.git")
    git("clone", "--quiet", "project", "clone")
    git("worktree", "add", "--quiet", "--detach", "../worktree", cwd=repository)
    first = resolve(str(repository), "HEAD")
    for name in ("bare.git", "clone", "worktree"):
        source = resolve(str(tmp_path / name), "HEAD")
        assert (source.version, source.archive().read()) == (first.version, first.archive().read())


def test_a_shallow_clone_and_one_without_a_branch_are_the_same(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    expected = resolve(str(repository), "HEAD").archive().read()
    git("clone", "--quiet", "--depth=1", f"file://{repository}", "shallow")
    git("clone", "--quiet", "project", "detached")
    git("checkout", "--quiet", "--detach", cwd=tmp_path / "detached")
    for name in ("shallow", "detached"):
        assert resolve(str(tmp_path / name), "HEAD").archive().read() == expected
    assert resolve(f"file://{tmp_path}/shallow", "HEAD").archive().read() == expected


def test_a_relative_path_and_a_tilde_are_understood(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = resolve(str(repository), "HEAD").version
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert resolve("project", "HEAD").version == version
    assert resolve("~/project", "HEAD").version == version


def test_a_git_hooks_environment_does_not_lead_elsewhere(
    repository: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git("init", "--quiet", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other/.git"))
    assert resolve(str(repository), "HEAD").exists("manage.py")


def test_a_broken_repository_is_not_taken_for_the_one_around_it(repository: Path) -> None:
    (repository / "inner/.git").mkdir(parents=True)
    assert "not a git repository" in refusal(repository / "inner")


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to give a folder to someone else")
def test_another_users_repository_is_refused_in_gits_words(repository: Path) -> None:
    os.chown(repository, 12345, 12345)
    os.chown(repository / ".git", 12345, 12345)
    message = refusal(repository)
    assert "detected dubious ownership in repository" in message
    assert f"git config --global --add safe.directory {repository}" in message


def test_a_machine_without_git_is_told(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert refusal(repository) == f'source = "{repository}": git is not installed on this machine'


def test_symbolic_links_are_followed_inside_the_repository(repository: Path, git: Git) -> None:
    (repository / "link.py").symlink_to("manage.py")
    (repository / "site").symlink_to("app")
    (repository / "outside").symlink_to("/etc/passwd")
    (repository / "dangling").symlink_to("nothing")
    git("add", "--all", cwd=repository)
    git("commit", "--quiet", "--message=links", cwd=repository)
    source = resolve(str(repository), "HEAD")
    assert source.read("link.py") == b"# 2\n"
    assert source.read("site/run") == b"#!/bin/sh\n"
    assert not source.exists("outside")
    assert not source.exists("dangling")
    assert source.read("site") is None
    assert members(source)["link.py"].linkname == "manage.py"


def test_export_ignore_works(repository: Path, git: Git) -> None:
    (repository / ".gitattributes").write_text("app export-ignore\n")
    git("add", "--all", cwd=repository)
    git("commit", "--quiet", "--message=attributes", cwd=repository)
    assert "app/run" not in members(resolve(str(repository), "HEAD"))


def test_resolving_is_quick_enough_for_every_plan(repository: Path) -> None:
    took = []
    for _ in range(5):
        start = time.perf_counter()
        assert resolve(str(repository), "HEAD").exists("manage.py")
        took.append(time.perf_counter() - start)
    assert min(took) < 0.25


def test_a_repository_of_sha256_is_a_source(git: Git, tmp_path: Path) -> None:
    path = tmp_path / "project"
    git("init", "--quiet", "--object-format=sha256", str(path))
    (path / "manage.py").write_text("")
    git("add", ".", cwd=path)
    git("commit", "--quiet", "--message", "first", cwd=path)
    assert list(members(resolve(str(path), "HEAD"))) == ["manage.py"]


def test_a_file_whose_content_is_missing_is_not_taken_for_none(repository: Path, git: Git) -> None:
    source = resolve(str(repository), "HEAD")
    object_ = git("rev-parse", "HEAD:manage.py", cwd=repository)
    (repository / ".git/objects" / object_[:2] / object_[2:]).unlink()
    with pytest.raises(SourceError, match=r"cannot be read: .*; expected a whole repository"):
        source.read("manage.py")
    settings = load({"source": str(repository), "src": ".", "requirements": "manage.py"}, "a-host")
    (problem,) = source_problems(settings)
    assert "expected a whole repository" in problem.text


def test_an_object_that_is_missing_is_one_line(repository: Path, git: Git) -> None:
    source = resolve(str(repository), "HEAD")
    for path in (repository / ".git/objects").glob("??/*"):
        path.unlink()
    with pytest.raises(SourceError, match="cannot be read") as caught:
        source.archive()
    assert "\n" not in str(caught.value)
