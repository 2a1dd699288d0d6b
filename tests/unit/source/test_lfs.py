"""What git LFS keeps elsewhere."""

import os
import shutil
from pathlib import Path

import pytest

from stack.source import SourceError
from stack.source.lfs import POINTER
from stack.source.resolving import resolve_anew as resolve
from tests.unit.source.repositories import FILM, Git, content_of, keep, pointer


@pytest.fixture
def films(repository: Path, git: Git) -> Path:
    """A repository with a film as git LFS has it in the commit, and files beside it."""
    (repository / ".gitattributes").write_text("*.mp4 filter=lfs diff=lfs merge=lfs -text\n")
    (repository / "film.mp4").write_bytes(pointer(FILM))
    (repository / "about.txt").write_bytes(b"It begins with\n" + POINTER)
    git("add", ".", cwd=repository)
    git("commit", "--quiet", "--message", "film", cwd=repository)
    return repository


def test_a_file_that_git_lfs_keeps_is_in_the_archive_and_the_same_for_all(
    films: Path, git: Git, tmp_path: Path
) -> None:
    keep(films / ".git", FILM)
    source = resolve(str(films), "HEAD")
    found = content_of(source)
    assert found["film.mp4"] == source.read("film.mp4") == FILM
    assert found["about.txt"] == b"It begins with\n" + POINTER
    (films / "film.mp4").write_bytes(FILM)
    assert source.left_out() == []
    (films / "film.mp4").write_bytes(FILM + b"more")
    assert source.left_out() == ["film.mp4"]
    before = content_of(resolve(str(films), "HEAD~1"))
    assert {name: found[name] for name in before} == before
    git("clone", "--quiet", "--bare", "project", "bare.git")
    git("worktree", "add", "--quiet", "--detach", "../worktree", cwd=films)
    keep(tmp_path / "bare.git", FILM)
    for name in ("bare.git", "worktree"):
        assert resolve(str(tmp_path / name), "HEAD").archive().read() == source.archive().read()


@pytest.mark.parametrize("instead", [b"x" * len(FILM), FILM + b"x", b""])
def test_another_content_than_the_pointers_is_not_taken(films: Path, instead: bytes) -> None:
    keep(films / ".git", FILM, instead)
    with pytest.raises(SourceError, match=r"\(film.mp4\); they cannot be fetched"):
        resolve(str(films), "HEAD").archive()


def test_what_cannot_be_read_to_its_end_is_not_taken_for_a_file(films: Path) -> None:
    path = keep(films / ".git", FILM)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(SourceError, match="pointers of git LFS"):
        resolve(str(films), "HEAD").archive()
    path.unlink()
    path.symlink_to("/dev/zero")
    with pytest.raises(SourceError, match="pointers of git LFS"):
        resolve(str(films), "HEAD").archive()


@pytest.mark.parametrize("is_git", [True, False])
@pytest.mark.parametrize("rest", [b"oid sha256:00\nsize 9\n", b"", b"size 9\n"])
def test_a_pointer_of_git_lfs_is_not_taken_for_a_file(
    repository: Path, folder: Path, git: Git, is_git: bool, rest: bytes
) -> None:
    where = repository if is_git else folder
    (where / "film.mp4").write_bytes(POINTER + rest)
    (where / "about.txt").write_bytes(b"It begins with\n" + POINTER)
    if is_git:
        git("add", ".", cwd=where)
        git("commit", "--quiet", "--message", "film", cwd=where)
    with pytest.raises(SourceError, match=r"in place of files \(film.mp4\); ") as told:
        resolve(str(where), "HEAD").archive()
    what = "in a clone that is source" if is_git else "in which git lfs pull was run"
    assert what in str(told.value)


HAS_LFS = shutil.which("git-lfs") is not None


@pytest.mark.skipif(not HAS_LFS, reason="git lfs is not there; bin/setup brings it")
@pytest.mark.parametrize("way", ["url", "clone"])
def test_what_git_lfs_keeps_elsewhere_is_fetched_and_nobodys_word_is_taken_for_where(
    films: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    ran = tmp_path / "ran"
    (films / ".lfsconfig").write_text("[lfs]\n\turl = http://127.0.0.1:9/elsewhere\n")
    git("add", ".", cwd=films)
    git("commit", "--quiet", "--message", "another server", cwd=films)
    keep(films / ".git", FILM)
    expected = resolve(str(films), "HEAD").archive().read()
    git("clone", "--quiet", f"file://{films}", "clone")
    source = f"file://{films}" if way == "url" else str(tmp_path / "clone")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    for name, value in {
        "lfs.customtransfer.evil.path": "touch",
        "lfs.customtransfer.evil.args": str(ran),
        "lfs.standalonetransferagent": "evil",
        "lfs.url": "http://127.0.0.1:9/elsewhere",
        "credential.helper": f"!touch {ran}",
        "core.fsmonitor": f"touch {ran}",
        "alias.lfs": f"!touch {ran}",
    }.items():
        git("config", "--global", name, value)
        git("config", name, value, cwd=tmp_path / "clone")
    assert resolve(source, "HEAD").archive().read() == expected
    assert not ran.exists()
    # Once is enough.
    shutil.rmtree(films / ".git/lfs")
    assert resolve(source, "HEAD").archive().read() == expected


@pytest.mark.skipif(not HAS_LFS, reason="git lfs is not there; bin/setup brings it")
@pytest.mark.parametrize(
    "url", ["ssh://-oProxyCommand=x/x", "-oProxyCommand=x:y", "ext://x", "user@-oX:y"]
)
def test_what_is_fetched_comes_from_no_command(films: Path, git: Git, url: str) -> None:
    git("config", "remote.origin.url", url, cwd=films)
    with pytest.raises(SourceError, match="its remote origin is "):
        resolve(str(films), "HEAD").archive()


def test_without_git_lfs_it_is_told_what_to_do(
    films: Path, git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git("config", "remote.origin.url", f"file://{films}", cwd=films)
    (tmp_path / "bin").mkdir()
    for name in ("git", "tar"):
        (tmp_path / "bin" / name).symlink_to(shutil.which(name) or "")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    with pytest.raises(SourceError, match=r"git lfs is not installed on this machine; run git lfs"):
        resolve(str(films), "HEAD").archive()


@pytest.mark.parametrize("missing", ["HEAD:manage.py", "HEAD"])
@pytest.mark.parametrize("command", ["remote.origin.uploadpack", "core.sshCommand"])
def test_what_is_missing_is_fetched_with_nobodys_command(
    repository: Path, git: Git, tmp_path: Path, command: str, missing: str
) -> None:
    ran = tmp_path / "ran"
    configured = {
        "core.repositoryFormatVersion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "remote.origin.url": "ssh://x.example/x" if "ssh" in command else str(repository),
        command: f"touch {ran}; false",
    }
    for name, value in configured.items():
        git("config", name, value, cwd=repository)
    object_ = git("rev-parse", missing, cwd=repository)
    (repository / ".git/objects" / object_[:2] / object_[2:]).unlink()
    with pytest.raises(SourceError):
        resolve(str(repository), "HEAD").read("manage.py")
    assert not ran.exists()
