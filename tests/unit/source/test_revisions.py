"""A revision, and the commit that it is."""

from pathlib import Path

import pytest

from stack.source import SourceError
from stack.source.resolving import resolve_anew as resolve
from tests.unit.source.repositories import Git, refusal


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


def test_a_branch_may_have_a_slash_in_its_name(repository: Path, git: Git) -> None:
    git("branch", "feature/cart", "HEAD~1", cwd=repository)
    for source in (str(repository), f"file://{repository}"):
        assert resolve(source, "feature/cart").read("manage.py") == b"# 1\n"


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
