"""A person's own configuration of git changes no byte."""

from pathlib import Path

import pytest

from stack.source.resolving import resolve_anew as resolve
from tests.unit.source.repositories import Git


def test_a_persons_own_configuration_changes_no_byte(
    repository: Path, git: Git, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = resolve(str(repository), "HEAD").archive().read()
    git("config", "core.autocrlf", "true", cwd=repository)
    git("config", "tar.umask", "0077", cwd=repository)
    assert resolve(str(repository), "HEAD").archive().read() == before


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
