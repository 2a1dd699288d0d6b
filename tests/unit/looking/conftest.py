"""What the tests of `look.py` share."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.unit.looking.shop import APP, SETTINGS, Look, Seen


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Look:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    counter = iter(range(100))

    def of(files: Mapping[str, str | None], **settings: str) -> Seen:
        """The project of APP with other files, or with other lines after those of its settings."""
        source = tmp_path / str(next(counter)) / "shop"
        more = settings.get("settings", "")
        for name, text in {**APP, "shop/settings.py": SETTINGS + more, **files}.items():
            if text is not None:
                (source / name).parent.mkdir(parents=True, exist_ok=True)
                (source / name).write_text(text)
        return Seen(source, monkeypatch)

    return of
