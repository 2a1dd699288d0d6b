"""Whether the settings in force are those that are declared, as a release's Django is asked."""

import sys
from types import SimpleNamespace

import pytest

from stack.onhost.inside import declared


@pytest.mark.parametrize(
    ("in_force", "told"),
    [
        ({"DEBUG": True, "SECRET_KEY": "committed"}, ["DEBUG", "SECRET_KEY"]),
        ({"DEBUG": False, "SECRET_KEY": "committed"}, ["SECRET_KEY"]),
        ({"DEBUG": False, "SECRET_KEY": "new"}, []),
    ],
)
def test_settings_that_something_has_put_others_in_place_of_are_told(
    monkeypatch: pytest.MonkeyPatch, in_force: dict[str, object], told: list[str]
) -> None:
    module = SimpleNamespace(DEBUG=False, SECRET_KEY="new")
    monkeypatch.setitem(sys.modules, "shop.settings_on_servers", module)
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "shop.settings_on_servers")
    monkeypatch.setattr(declared, "settings", SimpleNamespace(**in_force))
    lines = [*declared.undone()]
    assert [line.partition(" IS NOT AS shop.settings_on_servers")[0] for line in lines] == told
    assert "committed" not in "".join(lines)


def test_a_module_that_has_neither_is_not_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "shop.settings", SimpleNamespace())
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "shop.settings")
    monkeypatch.setattr(declared, "settings", SimpleNamespace(DEBUG=True, SECRET_KEY="a"))
    assert [*declared.undone()] == []
