"""What is told of the storage of uploads, as a release's Django is asked."""

from types import SimpleNamespace

import pytest

from stack.onhost.inside import storing


class Failing:
    """A storage that Django cannot make."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    @property
    def exists(self) -> bool:
        raise self.error


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (KeyError(None), "KeyError: None"),
        (ValueError("bad\nDSN s3://me:a%2Fb@c"), "ValueError: bad DSN s3://me:***@c"),
        (ValueError("no bucket at s3://me:x"), "ValueError: no bucket at ***"),
    ],
)
def test_a_storage_that_cannot_be_made_is_told_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    monkeypatch.setattr(storing, "default_storage", Failing(error))
    its = SimpleNamespace(STORAGES={"default": {"BACKEND": "shop.settings.Storage"}})
    monkeypatch.setattr(storing, "settings", its)
    monkeypatch.setenv("DECLARED", "STORAGE_KEY STORAGE_DSN ABSENT")
    monkeypatch.setenv("STORAGE_KEY", "a%2Fb")
    monkeypatch.setenv("STORAGE_DSN", "s3://me:x")
    [line] = storing.unopened()
    assert line == f"UPLOADS CANNOT BE KEPT: the storage shop.settings.Storage ends in {told}."


def test_a_storage_that_can_be_made_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "default_storage", SimpleNamespace(exists=bool))
    assert [*storing.unopened()] == []
