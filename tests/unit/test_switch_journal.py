"""The release log tells why an attempt has failed, however much the project had to say."""

import json
from pathlib import Path

import pytest

from stack.onhost.switch.journal import MOST_BYTES, entry
from stack.onhost.switch.system import LINE_LENGTH, SwitchError


class Logs:
    """Of the host, what its log needs."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs

    def release(self) -> str:
        """Nothing was live."""
        return ""


def logged(folder: Path, error: Exception) -> dict[str, str]:
    """What the log has of an attempt that fails."""
    with pytest.raises(type(error)), entry(Logs(folder), "one", "main", "me"):  # type: ignore[arg-type]
        raise error
    [line] = (folder / "releases.log").read_text().splitlines()
    assert len(line) < MOST_BYTES + 500
    told: dict[str, str] = json.loads(line)
    return told


@pytest.mark.parametrize("character", ["\x01", "x", "é", "😀"])
def test_long_lines_of_the_projects_make_no_long_entry(tmp_path: Path, character: str) -> None:
    lines = [*(character * 8200 for _ in range(60)), "the last"]
    why = logged(tmp_path, SwitchError("It does not start.", lines))["why"].splitlines()
    assert (why[0], why[-1]) == ("It does not start.", "the last")
    assert max(map(len, why)) == LINE_LENGTH


def test_a_long_verdict_makes_no_long_entry(tmp_path: Path) -> None:
    assert logged(tmp_path, SwitchError("😀" * 100_000))["why"].startswith("😀")
    (tmp_path / "releases.log").unlink()
    assert "x" in logged(tmp_path, ValueError("x" * 100_000))["why"]


def test_what_was_said_is_told_in_lines_of_some_length() -> None:
    told = str(SwitchError("It does not start.", ["x" * 8200] * 100))
    assert len(told) < 60 * (LINE_LENGTH + 10)
