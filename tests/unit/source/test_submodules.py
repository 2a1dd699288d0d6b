"""Submodules."""

import shutil
from pathlib import Path

import pytest

from stack.source import SourceError, extent
from stack.source.listing import LINK
from stack.source.mirror import kept, refreshed
from stack.source.repository import Repository
from stack.source.resolving import resolve_anew as resolve
from stack.source.submodules import joined, repository_of, submodules
from tests.unit.source.repositories import (
    FILM,
    Git,
    content_of,
    copied,
    keep,
    pointer,
    run_git,
    with_its_own_configuration,
)


@pytest.fixture(scope="session")
def made_with_library(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same folder with more repositories: see `with_library`."""
    folder = tmp_path_factory.mktemp("made-with-library")
    with pytest.MonkeyPatch.context() as monkeypatch:
        with_its_own_configuration(monkeypatch)
        repository = copied(made, folder)
        for name in ("deep", "lib"):
            path = folder / name
            run_git("init", "--quiet", str(path), cwd=folder)
            (path / f"{name}.py").write_text(f"# {name}\n")
            if name == "lib":
                add_submodule(path, "../deep", "deep")
            run_git("add", ".", cwd=path)
            run_git("commit", "--quiet", "--message", name, cwd=path)
        add_submodule(repository, "../lib", "app/lib")
        run_git("commit", "--quiet", "--message", "library", cwd=repository)
    return folder


def add_submodule(repository: Path, url: str, path: str) -> None:
    allowed = ("-c", "protocol.file.allow=always")
    run_git(*allowed, "submodule", "--quiet", "add", url, path, cwd=repository)


@pytest.fixture
def with_library(made_with_library: Path, tmp_path: Path, git: Git) -> Path:
    """A repository with a submodule in lib/, which has one of its own in deep/."""
    return copied(made_with_library, tmp_path)


LIBRARY = {"app/lib/lib.py": b"# lib\n", "app/lib/deep/deep.py": b"# deep\n"}


def allow_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have git fetch from a folder of this machine, whoever names it."""
    monkeypatch.setenv("GIT_CONFIG_COUNT", "1")
    monkeypatch.setenv("GIT_CONFIG_KEY_0", "protocol.file.allow")
    monkeypatch.setenv("GIT_CONFIG_VALUE_0", "always")


def test_submodules_are_in_the_archive_and_the_same_for_all(
    with_library: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_folders(monkeypatch)
    source = resolve(str(with_library), "HEAD")
    found = content_of(source)
    assert {path: found[path] for path in LIBRARY} == LIBRARY
    assert found["manage.py"] == source.read("manage.py")
    assert set(source.paths()) == set(found)
    for path, text in LIBRARY.items():
        assert source.exists(path)
        assert source.read(path) == text
    assert not source.exists("app/lib/no.py")
    assert source.read("app/lib") is None
    assert source.left_out() == []
    (with_library / "app/lib/lib.py").write_text("changed")
    assert resolve(str(with_library), "HEAD").left_out() == []
    # In a clone without them they are fetched.
    git("clone", "--quiet", "project", "clone")
    assert resolve(str(tmp_path / "clone"), "HEAD").archive().read() == source.archive().read()
    assert resolve(f"file://{with_library}", "HEAD").archive().read() == source.archive().read()


def test_a_submodule_is_fetched_from_a_server_once(
    with_library: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lib = git("rev-parse", "HEAD:app/lib", cwd=with_library)
    server = "https://x.example/lib"
    git("config", "--file", ".gitmodules", "submodule.app/lib.url", server, cwd=with_library)
    git("config", "--file", ".gitmodules", "submodule.deep.url", server, cwd=with_library)
    git("commit", "--quiet", "--all", "--message", "on a server", cwd=with_library)
    git("clone", "--quiet", "project", "clone")
    fetched = refreshed(f"file://{tmp_path / 'lib'}")
    asked: list[str] = []

    def fetch(url: str, by_commit: bool = False) -> Path:
        assert by_commit
        asked.append(url)
        return fetched.rename(kept(url))

    monkeypatch.setattr("stack.source.submodules.refreshed", fetch)
    for _ in range(2):
        found = Repository(tmp_path / "clone", "HEAD", "source")
        assert found._entries["app/lib"][1] == lib
        links = {path: its for path, (mode, its) in found._entries.items() if mode == LINK}
        (its,) = submodules(tmp_path / "clone", links, found.read(".gitmodules") or b"")
        assert repository_of(its, tmp_path / "clone", "source")[1] == server
    assert asked == [server]


@pytest.mark.parametrize("is_known", [False, True])
def test_a_commit_brings_no_other_folder_of_this_machine(
    with_library: Path, git: Git, tmp_path: Path, is_known: bool
) -> None:
    """As git has it since 2.38.1, though the folder were deployed before by its own URL."""
    if is_known:
        refreshed(f"file://{tmp_path / 'lib'}")
    shutil.rmtree(with_library / ".git/modules")
    with pytest.raises(SourceError) as told:
        resolve(str(with_library), "HEAD").read("app/lib/lib.py")
    assert f"file://{tmp_path}/lib is on this machine, where git by default takes" in str(
        told.value
    )
    assert "run git -c protocol.file.allow=always submodule update --init" in str(told.value)


@pytest.mark.parametrize("by", ["absolute", "relative", "link"])
def test_a_submodules_name_leads_out_of_no_clone(
    with_library: Path, git: Git, tmp_path: Path, by: str
) -> None:
    private = tmp_path / "lib" / ".git"
    name = {"absolute": str(private), "relative": "../../../lib/.git", "link": "link"}[by]
    (with_library / ".git/modules/link").symlink_to(private)
    commit = git("rev-parse", "HEAD:app/lib", cwd=with_library)
    text = f'[submodule "{name}"]\n\tpath = app/lib\n\turl = https://localhost:1/none\n'
    (with_library / ".gitmodules").write_text(text)
    git("commit", "--quiet", "--all", "--message", "theirs", cwd=with_library)
    assert git("rev-parse", "HEAD:app/lib", cwd=with_library) == commit
    with pytest.raises(SourceError, match="has a submodule in app/lib that cannot be had"):
        resolve(str(with_library), "HEAD").read("app/lib/lib.py")


@pytest.mark.parametrize("url", ["ext::touch ran", "ssh://-oX/x"])
def test_no_remote_of_the_clones_makes_a_relative_url_a_command(
    with_library: Path, git: Git, tmp_path: Path, url: str
) -> None:
    shutil.rmtree(with_library / ".git/modules")
    git("config", "remote.origin.url", url, cwd=with_library)
    with pytest.raises(SourceError, match="has a submodule in app/lib that cannot be had"):
        resolve(str(with_library), "HEAD").read("app/lib/lib.py")
    assert not list(tmp_path.rglob("ran"))


def test_what_git_lfs_keeps_of_a_submodule_is_there_too(
    with_library: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_folders(monkeypatch)
    lib = with_library / "app/lib"
    (lib / "film.mp4").write_bytes(pointer(FILM))
    git("add", ".", cwd=lib)
    git("commit", "--quiet", "--message", "film", cwd=lib)
    git("add", ".", cwd=with_library)
    git("commit", "--quiet", "--message", "film", cwd=with_library)
    keep(with_library / ".git/modules/app/lib", FILM)
    assert content_of(resolve(str(with_library), "HEAD"))["app/lib/film.mp4"] == FILM


def test_a_submodule_that_cannot_be_had_is_told(
    with_library: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_folders(monkeypatch)
    git("clone", "--quiet", "project", "clone")
    shutil.rmtree(tmp_path / "lib")
    with pytest.raises(SourceError) as told:
        resolve(str(tmp_path / "clone"), "HEAD").archive()
    assert "has a submodule in app/lib that cannot be had: " in str(told.value)
    assert "run git submodule update --init in a clone that is source" in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    "url", ["ext::touch ran", "-oProxyCommand=x:y", "ssh://-oX/x", "file:///etc", "/srv/x", ""]
)
def test_a_submodules_url_runs_nothing_and_reads_nothing_here(
    with_library: Path, git: Git, tmp_path: Path, url: str
) -> None:
    git("config", "--file", ".gitmodules", "submodule.app/lib.url", url, cwd=with_library)
    git("add", ".", cwd=with_library)
    git("commit", "--quiet", "--message", "elsewhere", cwd=with_library)
    git("clone", "--quiet", "project", "clone")
    with pytest.raises(SourceError, match="which is not a server"):
        resolve(str(tmp_path / "clone"), "HEAD").archive()
    assert not list(tmp_path.rglob("ran"))


def test_a_link_that_gitmodules_does_not_name_is_told(with_library: Path, git: Git) -> None:
    git("rm", "--quiet", "--cached", ".gitmodules", cwd=with_library)
    git("commit", "--quiet", "--message", "unnamed", cwd=with_library)
    with pytest.raises(SourceError, match="has a submodule in app/lib that cannot be had"):
        resolve(str(with_library), "HEAD").archive()
    assert resolve(str(with_library), "HEAD").exists("manage.py")


@pytest.mark.parametrize(
    ("base", "relative", "url"),
    [
        ("https://x.example/a/b.git", "../c.git", "https://x.example/a/c.git"),
        ("https://x.example/a/b.git/", "../../c/d", "https://x.example/c/d"),
        ("git@x.example:a/b.git", "../c.git", "git@x.example:a/c.git"),
        ("git@x.example:b.git", "../c.git", "git@x.example:c.git"),
        ("file:///srv/b", "./c", "file:///srv/b/c"),
    ],
)
def test_a_relative_url_is_as_git_understands_it(base: str, relative: str, url: str) -> None:
    assert joined(base, relative) == url


def test_submodules_are_counted_with_what_is_in_them(
    with_library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow_folders(monkeypatch)
    count = len(resolve(str(with_library), "HEAD").paths())
    monkeypatch.setattr(extent, "MOST_ENTRIES", count)
    with pytest.raises(SourceError, match=f"has more than {count} files and folders"):
        resolve(str(with_library), "HEAD").paths()
    monkeypatch.setattr(extent, "MOST_ENTRIES", 10 * count)
    monkeypatch.setattr(extent, "MOST_SUBMODULES", 0)
    with pytest.raises(SourceError, match="has more than 0 submodules"):
        resolve(str(with_library), "HEAD").paths()
