"""What is told of an empty database that would take the live one's place."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from stack.onhost.inside import emptied


@pytest.mark.parametrize(
    ("new", "live", "told"),
    [
        (
            {"HOST": "db2.example.com", "PORT": 5432},
            ["postgresql", "shop", "db1.example.com", "5432"],
            "The database shop at db2.example.com:5432 has never been migrated, and the live "
            "release has another, shop at db1.example.com:5432: visitors",
        ),
        (
            {"HOST": "::1", "PORT": "5433"},
            ["postgresql", "shop", "", "5433"],
            "shop at [::1]:5433 has never been migrated, and the live release has another, "
            "shop at port 5433: visitors",
        ),
        (
            {"HOST": "db2.example.com"},
            ["postgresql", "shop", "", ""],
            "shop at db2.example.com has never been migrated, and the live release has another, "
            "shop: visitors",
        ),
    ],
)
def test_two_databases_of_one_name_are_told_apart(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    new: dict[str, object],
    live: list[str],
    told: str,
) -> None:
    (tmp_path / "shop").mkdir()
    for name, value in {"HOME": str(tmp_path), "USER": "shop", "NEW_DATABASE": ""}.items():
        monkeypatch.setenv(name, value)
    connection = SimpleNamespace(vendor="postgresql", settings_dict={"NAME": "shop", **new})
    monkeypatch.setattr(emptied, "connection", connection)
    monkeypatch.setattr(emptied, "_is_new", lambda: True)
    monkeypatch.setattr(emptied, "_of_live", lambda _: live)
    assert told in emptied.emptied()
