"""Where the project comes from: what is taken from it, and what is said when it is not there."""

import base64
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stack.settings import load
from stack.settings.against_source import source_problems
from stack.source import Source, SourceError
from stack.source.folder import Folder
from stack.source.lfs import POINTER
from stack.source.repository import Repository
from stack.source.resolving import resolve as resolve_once
from stack.source.resolving import resolve_anew as resolve
from stack.source.submodules import joined

Git = Callable[..., str]


def run_git(*arguments: str, cwd: Path) -> str:
    done = subprocess.run(["git", *arguments], cwd=cwd, check=True, capture_output=True, text=True)
    return done.stdout.strip()


def with_its_own_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have git know nothing of the person who runs the tests."""
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "Someone")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "someone@example.com")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


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


def copied(made: Path, folder: Path) -> Path:
    """Copy repositories, as if they had been made in the folder; the one called project."""
    for path in made.iterdir():
        copy = shutil.copytree(
            path, folder / path.name, symlinks=True, ignore=shutil.ignore_patterns("*.sample")
        )
        for config in (copy / ".git").rglob("config"):
            config.write_text(config.read_text().replace(str(made), str(folder)))
        # It knows its files by their inodes too.
        run_git("update-index", "-q", "--refresh", cwd=copy)
    return folder / "project"


@pytest.fixture
def repository(made: Path, tmp_path: Path, git: Git) -> Path:
    """A repository whose branch, tag and HEAD are at different commits."""
    return copied(made, tmp_path)


def members(source: Source) -> dict[str, tarfile.TarInfo]:
    with tarfile.open(fileobj=source.archive().reader(), mode="r:") as tar:
        return {member.name: member for member in tar}


def refusal(source: object, revision: str = "HEAD") -> str:
    with pytest.raises(SourceError) as caught:
        resolve(str(source), revision)
    message = str(caught.value)
    assert "\n" not in message
    return message


# A git repository


@pytest.mark.parametrize(
    ("revision", "content"),
    [
        ("HEAD", b"# 2\n"),
        ("main", b"# 2\n"),
        ("a-branch", b"# 1\n"),
        ("a-tag", b"# 0\n"),
        ("HEAD~1", b"# 1\n"),
    ],
)
def test_a_revision_is_a_branch_a_tag_or_a_commit(
    repository: Path, git: Git, revision: str, content: bytes
) -> None:
    commit = git("rev-parse", revision, cwd=repository)
    for name in (revision, commit, commit[:10]):
        source = resolve(str(repository), name)
        assert source.version == commit[:12]
        assert source.read("manage.py") == content


def test_an_annotated_tag_is_the_commit_that_it_marks(repository: Path, git: Git) -> None:
    git("tag", "--annotate", "--message=1.0", "v1.0", "main", cwd=repository)
    assert resolve(str(repository), "v1.0").version == resolve(str(repository), "main").version


def test_what_is_not_committed_is_left_out(repository: Path) -> None:
    (repository / "manage.py").write_text("changed")
    (repository / "new.py").write_text("")
    source = resolve(str(repository), "HEAD")
    assert source.read("manage.py") == b"# 2\n"
    assert not source.exists("new.py")
    assert "new.py" not in members(source)


def test_a_branch_and_a_tag_of_one_name_at_different_commits_are_refused(
    repository: Path, git: Git
) -> None:
    git("tag", "--annotate", "--message", "a", "live", "HEAD~1", cwd=repository)
    git("branch", "live/other", cwd=repository)
    earlier = resolve(str(repository), "live").version
    git("branch", "--move", "live/other", "other", cwd=repository)
    git("branch", "live", "HEAD~1", cwd=repository)
    assert resolve(str(repository), "live").version == earlier
    git("branch", "--force", "live", "HEAD", cwd=repository)
    now = resolve(str(repository), "HEAD").version
    for url in ("", "file://"):
        with pytest.raises(SourceError, match="is a branch and a tag, at different commits"):
            resolve(f"{url}{repository}", "live")
    assert resolve(str(repository), "refs/heads/live").version == now != earlier
    assert resolve(str(repository), "refs/tags/live").version == earlier


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


def test_a_branch_may_have_a_slash_in_its_name(repository: Path, git: Git) -> None:
    git("branch", "feature/cart", "HEAD~1", cwd=repository)
    for source in (str(repository), f"file://{repository}"):
        assert resolve(source, "feature/cart").read("manage.py") == b"# 1\n"


@pytest.fixture
def private(repository: Path, git: Git, tmp_path: Path) -> Iterator[str]:
    """The URL of a repository for which a server wants anna's password."""
    git("clone", "--quiet", "--bare", "project", "served/shop.git")
    git("update-server-info", cwd=tmp_path / "served/shop.git")
    wanted = "Basic " + base64.b64encode(b"anna:wombat").decode()

    class Asking(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.headers["Authorization"] == wanted:
                super().do_GET()
                return
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    served = partial(Asking, directory=str(tmp_path / "served"))
    with ThreadingHTTPServer(("127.0.0.1", 0), served) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/shop.git"
        server.shutdown()
        thread.join()


def test_a_private_url_is_fetched_with_the_persons_credential_helper(
    private: str, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SourceError, match="cannot be fetched"):
        resolve(private, "HEAD")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    helper = "!echo username=anna; echo password=wombat; :"
    git("config", "--global", "credential.helper", helper)
    assert resolve(private, "a-tag").read("manage.py") == b"# 0\n"


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


@pytest.mark.parametrize("revision", ["nowhere", "0" * 40, "HEAD~3", "HEAD:app"])
def test_an_unknown_revision_is_told(repository: Path, revision: str) -> None:
    expected = f'revision = "{revision}": no such branch, tag or commit in {repository}'
    assert refusal(repository, revision) == expected


def test_a_branch_that_only_a_remote_has_is_named(
    repository: Path, git: Git, tmp_path: Path
) -> None:
    git("branch", "topic/new", cwd=repository)
    git("clone", "--quiet", str(repository), str(tmp_path / "clone"))
    told = refusal(tmp_path / "clone", "topic/new")
    assert told.endswith("; there is origin/topic/new")
    assert resolve(str(tmp_path / "clone"), "origin/topic/new").exists("manage.py")


def test_a_revision_is_no_option_of_gits(repository: Path) -> None:
    expected = 'revision = "--all": expected a branch, tag or commit'
    assert refusal(repository, "--all") == expected


def test_a_repository_without_a_commit_is_told(git: Git, tmp_path: Path) -> None:
    git("init", "--quiet", "empty")
    told = refusal(tmp_path / "empty")
    assert (
        f"HEAD of {tmp_path}/empty is at no commit; make one, or set revision to a branch" in told
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


def test_submodules_are_in_the_archive_and_the_same_for_all(
    with_library: Path, git: Git, tmp_path: Path
) -> None:
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
    # In a clone without them they are fetched, once.
    git("clone", "--quiet", "project", "clone")
    assert resolve(str(tmp_path / "clone"), "HEAD").archive().read() == source.archive().read()
    assert resolve(f"file://{with_library}", "HEAD").archive().read() == source.archive().read()
    shutil.rmtree(tmp_path / "deep")
    assert resolve(str(tmp_path / "clone"), "HEAD").archive().read() == source.archive().read()


def test_what_git_lfs_keeps_of_a_submodule_is_there_too(with_library: Path, git: Git) -> None:
    lib = with_library / "app/lib"
    (lib / "film.mp4").write_bytes(pointer(FILM))
    git("add", ".", cwd=lib)
    git("commit", "--quiet", "--message", "film", cwd=lib)
    git("add", ".", cwd=with_library)
    git("commit", "--quiet", "--message", "film", cwd=with_library)
    keep(with_library / ".git/modules/app/lib", FILM)
    assert content_of(resolve(str(with_library), "HEAD"))["app/lib/film.mp4"] == FILM


def test_a_submodule_that_cannot_be_had_is_told(
    with_library: Path, git: Git, tmp_path: Path
) -> None:
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
    with pytest.raises(SourceError, match="which is no server"):
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


def test_a_persons_own_configuration_changes_no_byte(
    repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = resolve(str(repository), "HEAD").archive().read()
    git("config", "core.autocrlf", "true", cwd=repository)
    git("config", "tar.umask", "0077", cwd=repository)
    assert resolve(str(repository), "HEAD").archive().read() == before


def test_resolving_is_quick_enough_for_every_plan(repository: Path) -> None:
    took = []
    for _ in range(5):
        start = time.perf_counter()
        assert resolve(str(repository), "HEAD").exists("manage.py")
        took.append(time.perf_counter() - start)
    assert min(took) < 0.25


# A URL


def test_a_url_is_fetched_into_the_cache(repository: Path, git: Git, tmp_path: Path) -> None:
    url = f"file://{repository}"
    for revision in ("HEAD", "a-branch", "a-tag"):
        local, remote = resolve(str(repository), revision), resolve(url, revision)
        assert (remote.version, remote.archive().read()) == (local.version, local.archive().read())
    cache = tmp_path / "cache/django-stack"
    assert len(list(cache.glob("git/*/"))) == 1
    assert (cache / "git").stat().st_mode & 0o77 == 0


def test_the_cache_follows_the_remote(repository: Path, git: Git) -> None:
    url = f"file://{repository}"
    resolve(url, "HEAD")
    git("checkout", "--quiet", "-b", "next", cwd=repository)
    (repository / "new.py").write_text("")
    git("add", "--all", cwd=repository)
    git("commit", "--quiet", "--message=new", cwd=repository)
    git("branch", "--quiet", "-D", "a-branch", cwd=repository)
    git("tag", "--force", "a-tag", cwd=repository)
    assert resolve(url, "HEAD").exists("new.py")
    assert resolve(url, "a-tag").exists("new.py")
    assert "no such branch" in refusal(url, "a-branch")


def test_a_remote_whose_head_is_no_branch_of_its_own_has_its_branches(
    repository: Path, git: Git
) -> None:
    url = f"file://{repository}"
    expected = resolve(str(repository), "a-branch").archive().read()
    resolve(url, "HEAD")
    git("symbolic-ref", "HEAD", "refs/heads/nothing-here", cwd=repository)
    assert resolve(url, "a-branch").archive().read() == expected
    with pytest.raises(SourceError, match="set revision to a branch"):
        resolve(url, "HEAD")
    git("symbolic-ref", "HEAD", "refs/heads/a-branch", cwd=repository)
    assert resolve(url, "HEAD").archive().read() == expected


def test_a_fetch_that_was_cut_is_mended(repository: Path, tmp_path: Path) -> None:
    url = f"file://{repository}"
    resolve(url, "HEAD")
    (cached,) = (tmp_path / "cache/django-stack/git").glob("*/")
    (cached / "HEAD").unlink()
    assert resolve(url, "HEAD").exists("manage.py")


def test_a_url_that_cannot_be_fetched_is_told(git: Git, tmp_path: Path) -> None:
    message = refusal(f"file://{tmp_path}/nothing")
    assert message.startswith(f'source = "file://{tmp_path}/nothing": cannot be fetched: fatal: ')
    assert "does not appear to be a git repository" in message


@pytest.mark.parametrize("url", ["http://me:s3cret@127.0.0.1:{}/x", "ssh://me@127.0.0.1:{}/x"])
def test_a_server_that_is_not_there_is_told_without_the_password(git: Git, url: str) -> None:
    with socket.socket() as bound:  # and not listening
        bound.bind(("127.0.0.1", 0))
        message = refusal(url.format(bound.getsockname()[1]))
    assert "cannot be fetched" in message
    assert "s3cret" not in message


def test_a_cache_that_cannot_be_written_is_told(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(repository / "manage.py"))
    assert f"cannot be kept in {repository}/manage.py" in refusal(f"file://{repository}")


# A plain folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "plain"
    (path / "app").mkdir(parents=True)
    (path / "manage.py").write_text("# manage\n")
    (path / "app/run").write_text("#!/bin/sh\n")
    (path / "app/run").chmod(0o700)
    (path / "link.py").symlink_to("manage.py")
    return path


def test_a_folder_is_taken_as_it_is(folder: Path) -> None:
    source = resolve(str(folder), "HEAD")
    assert source.read("manage.py") == b"# manage\n"
    assert source.read("link.py") == b"# manage\n"
    assert source.read("app") is None
    assert source.exists("app")
    assert source.exists(".")
    inside = members(source)
    assert list(inside) == ["app/run", "link.py", "manage.py"]
    assert [oct(inside[name].mode) for name in ("app/run", "manage.py")] == ["0o755", "0o644"]
    assert inside["link.py"].linkname == "manage.py"
    assert {(m.uid, m.gid, m.mtime, m.uname) for m in inside.values()} == {(0, 0, 0, "")}


def test_the_same_content_is_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    first = resolve(str(folder), "HEAD")
    subprocess.run(["cp", "-r", "--no-preserve=timestamps", folder, tmp_path / "copy"], check=True)
    (tmp_path / "copy/manage.py").chmod(0o600)
    copy = resolve(str(tmp_path / "copy"), "HEAD")
    assert (copy.version, copy.archive().read()) == (first.version, first.archive().read())
    (tmp_path / "copy/manage.py").write_text("# changed\n")
    assert resolve(str(tmp_path / "copy"), "HEAD").version != first.version


@pytest.mark.parametrize(
    "left",
    [
        ".hg/x",
        "__pycache__/x.py",
        "app/__pycache__/x.py",
        "app/x.pyc",
        ".venv/x",
        "node_modules/x",
        ".mypy_cache/x",
        "env/pyvenv.cfg",
    ],
)
def test_what_tools_leave_behind_is_left_out(folder: Path, left: str) -> None:
    version = resolve(str(folder), "HEAD").version
    path = folder / left
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("")
    source = resolve(str(folder), "HEAD")
    assert source.version == version
    assert not source.exists(str(path.relative_to(folder)))


def test_a_folder_inside_a_repository_is_a_plain_folder(repository: Path) -> None:
    source = resolve(str(repository / "app"), "HEAD")
    assert isinstance(source, Folder)
    assert source.exists("run")


@pytest.mark.parametrize("path", ["../plain/manage.py", "/etc/passwd", "app/../../x", ".."])
def test_nothing_outside_is_read(folder: Path, path: str) -> None:
    source = resolve(str(folder), "HEAD")
    assert source.read(path) is None
    assert not source.exists(path)


def test_a_folder_has_no_revisions(folder: Path) -> None:
    expected = (
        f'revision = "main": {folder} is a plain folder, without revisions; leave revision out'
    )
    assert refusal(folder, "main") == expected


def test_what_is_no_source_is_told(tmp_path: Path) -> None:
    expected = "expected a git repository or a folder"
    nothing = tmp_path / "nothing"
    assert refusal(nothing) == f'source = "{nothing}": does not exist; {expected}'
    assert refusal("~nobody-here/x") == f'source = "~nobody-here/x": does not exist; {expected}'
    nothing.write_text("")
    assert refusal(nothing) == f'source = "{nothing}": is not a folder; {expected}'


# Both


def test_a_source_is_resolved_once_in_a_process(repository: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(resolve_once, str(repository), "HEAD") for _ in range(8)]
        sources = {id(future.result()) for future in asked}
        archives = {id(asked[0].result().archive()) for _ in range(8)}
    assert (len(sources), len(archives)) == (1, 1)
    assert isinstance(asked[0].result(), Repository)


def test_an_archive_is_the_same_in_every_process(repository: Path, folder: Path) -> None:
    code = "import sys; from stack.source import resolve; "
    code += "sys.stdout.buffer.writelines(resolve(path).archive().read() for path in sys.argv[1:])"
    paths = [str(path) for path in (repository, folder)]
    root = Path(__file__).parents[2]
    run = [sys.executable, "-c", code, *paths]
    others = subprocess.run(run, check=True, capture_output=True, cwd=root).stdout
    assert others == b"".join(resolve(path, "HEAD").archive().read() for path in paths)


# What others configure, and what is elsewhere


def test_nobodys_filters_run_and_the_bytes_are_the_same_for_all(
    repository: Path, git: Git, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / ".gitattributes").write_text("* filter=evil export-subst\n")
    (repository / "subst").write_text("$Format:%D$\n")
    git("add", ".", cwd=repository)
    git("commit", "--quiet", "--message", "attributes", cwd=repository)
    clean = resolve(str(repository), "HEAD").archive().read()
    ran = tmp_path / "ran"
    for scope in ("--local", "--global"):
        monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
        git("config", scope, "filter.evil.smudge", f"touch {ran}; tr a-z A-Z", cwd=repository)
        git("config", scope, "core.fsmonitor", f"touch {ran}", cwd=repository)
        git("config", scope, "tar.umask", "0077", cwd=repository)
    (repository / ".git/info/attributes").write_text("* export-ignore\n")
    git("tag", "decorates", cwd=repository)
    assert resolve(str(repository), "HEAD").archive().read() == clean
    assert not ran.exists()


# What git LFS keeps elsewhere

FILM = bytes(range(256)) * 9


def pointer(content: bytes) -> bytes:
    oid = hashlib.sha256(content).hexdigest()
    return POINTER + f"oid sha256:{oid}\nsize {len(content)}\n".encode()


def keep(repository: Path, content: bytes, instead: bytes | None = None) -> Path:
    """Put a file where git LFS keeps it, by its content."""
    oid = hashlib.sha256(content).hexdigest()
    path = repository / "lfs/objects" / oid[:2] / oid[2:4] / oid
    path.parent.mkdir(parents=True)
    path.write_bytes(content if instead is None else instead)
    return path


@pytest.fixture
def films(repository: Path, git: Git) -> Path:
    """A repository with a film as git LFS has it in the commit, and files beside it."""
    (repository / ".gitattributes").write_text("*.mp4 filter=lfs diff=lfs merge=lfs -text\n")
    (repository / "film.mp4").write_bytes(pointer(FILM))
    (repository / "about.txt").write_bytes(b"It begins with\n" + POINTER)
    git("add", ".", cwd=repository)
    git("commit", "--quiet", "--message", "film", cwd=repository)
    return repository


def content_of(source: Source) -> dict[str, bytes]:
    """All files, as tar itself finds them."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["tar", "x", "-C", folder], input=source.archive().read(), check=True)
        paths = (path for path in Path(folder).rglob("*") if path.is_file())
        return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


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


def test_no_configuration_in_the_environment_changes_a_byte(
    repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    (repository / ".gitattributes").write_text("* filter=any\n")
    git("add", ".", cwd=repository)
    git("commit", "--quiet", "--message", "attributes", cwd=repository)
    before = resolve(str(repository), "HEAD").archive().read()
    for name, value in {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "filter.any.smudge",
        "GIT_CONFIG_VALUE_0": "rev",
        "GIT_DEFAULT_HASH": "sha256",
    }.items():
        monkeypatch.setenv(name, value)
    assert resolve(str(repository), "HEAD").archive().read() == before


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


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("app", "is a folder of the source; expected the path of a file"),
        ("manage.py/local.py", "src/manage.py of the source is a file, and no folder"),
        ("app/local.py", ""),
        ("manage.py", ""),
        ("data/keys/a", "is in data, which outlives releases; put it there on the host"),
        ("data", "is in data, which outlives releases; put it there on the host"),
        ("uploads/a", "is in uploads, which outlives releases; put it there on the host"),
        ("database", ""),
    ],
)
def test_a_file_of_the_settings_is_not_where_something_else_is(
    path: str, problem: str, tmp_path: Path
) -> None:
    (tmp_path / "src" / "app").mkdir(parents=True)
    for name in ("manage.py", "requirements.txt", "app/__init__.py", "app/wsgi.py"):
        (tmp_path / "src" / name).write_text("")
    data = {"source": str(tmp_path), "src": "src", "wsgi": "app.wsgi", "files": {path: "text"}}
    data |= {"shared": ["data"], "media_root": "uploads", "media_url": "/media/"}
    told = [one.text for one in source_problems(load(data, "a-host"))]
    assert told == ([f'files["{path}"]: {problem}'] if problem else [])
