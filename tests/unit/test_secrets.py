"""Secrets are read on the controller, when the settings are loaded and not before."""

from pathlib import Path

import pytest

from stack.secrets import SecretError, from_environment, from_file


def test_an_environment_variable_is_read_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = from_environment("A_SECRET")
    monkeypatch.setenv("A_SECRET", " as it is\n")
    assert secret() == " as it is\n"


def test_a_variable_that_is_not_set_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("A_SECRET", raising=False)
    with pytest.raises(
        SecretError, match="the environment variable A_SECRET is not set on this machine"
    ):
        from_environment("A_SECRET")()


@pytest.mark.parametrize(
    ("content", "secret"),
    [
        (b"key", "key"),
        (b"key\n", "key"),
        (b"key\n\n", "key\n"),
        (b" key \r\n", " key \r"),
        ("schlüssel\n".encode(), "schlüssel"),
        (b"", ""),
    ],
)
def test_one_newline_at_the_end_of_a_file_is_left_out(
    tmp_path: Path, content: bytes, secret: str
) -> None:
    (tmp_path / "key").write_bytes(content)
    assert from_file(str(tmp_path / "key"))() == secret


def test_a_tilde_is_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "key").write_text("at home")
    assert from_file("~/key")() == "at home"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match=r"/key cannot be read: No such file or directory"):
        from_file(str(tmp_path / "key"))()
    (tmp_path / "key").write_bytes(b"\xff")
    with pytest.raises(SecretError, match=r"/key is not UTF-8 text"):
        from_file(str(tmp_path / "key"))()
