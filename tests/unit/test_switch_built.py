"""A release that is to go live is looked for by its name, in a folder that is its user's."""

from pathlib import Path

import pytest

from stack.onhost.switch import built
from stack.onhost.switch.built import whole
from stack.onhost.switch.system import SwitchError


def make(parent: Path, *names: str) -> Path:
    """Have releases that were built, and their folder."""
    for name in names:
        (parent / name).mkdir(parents=True)
        (parent / name / ".built").touch()
    return parent


def test_one_that_was_built_is_found_and_a_mistyped_name_told_with_those_that_are(
    tmp_path: Path,
) -> None:
    releases = make(tmp_path / "releases", "two", "one")
    (releases / "half").mkdir()
    assert whole(releases, "one") == releases / "one"
    for name in ("onne", "half", "", "a\0b", "n" * 300):
        with pytest.raises(SwitchError, match=r"that was built; it has one, two\.$"):
            whole(releases, name)


def test_a_name_leads_nowhere_else(tmp_path: Path) -> None:
    releases = make(tmp_path / "releases", "one")
    make(tmp_path, "elsewhere")
    (releases / "link").symlink_to("../elsewhere")
    (releases / "marked").mkdir()
    (releases / "marked/.built").symlink_to("../one/.built")
    (tmp_path / ".built").touch()
    (releases / ".built").touch()
    for name in ("link", "marked", ".", "..", "../elsewhere", "one/", "one/.", str(tmp_path)):
        with pytest.raises(SwitchError, match=r"it has one\.$"):
            whole(releases, name)


def test_a_symlink_in_the_place_of_their_folder_is_not_followed(tmp_path: Path) -> None:
    make(tmp_path / "others", "one")
    (tmp_path / "releases").symlink_to("others")
    for place in ("releases", "none"):
        with pytest.raises(SwitchError, match="cannot be read as a folder"):
            whole(tmp_path / place, "one")


def test_as_many_as_there_may_be_are_not_all_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(built, "MOST_LOOKED_AT", 50)
    releases = make(tmp_path / "releases", *map(str, range(300)))
    looked_at: list[str] = []
    is_built = built._is_built

    def looked(folder: int, name: str) -> bool:
        looked_at.append(name)
        return is_built(folder, name)

    monkeypatch.setattr(built, "_is_built", looked)
    assert whole(releases, "299") == releases / "299"
    assert looked_at == ["299"]
    with pytest.raises(SwitchError, match=r"it has (\d+, ){20}more\.$"):
        whole(releases, "none")
    assert len(looked_at) == 52
