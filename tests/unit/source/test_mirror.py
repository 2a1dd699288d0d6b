"""A URL, and its copy on this machine."""

import base64
import socket
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from stack.source import SourceError
from stack.source.resolving import resolve_anew as resolve
from tests.unit.source.repositories import Git, refusal


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
