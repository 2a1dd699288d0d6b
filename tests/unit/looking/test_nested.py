"""What is nested so deeply that looking into it would end in a RecursionError."""

import pytest

from tests.unit.looking.shop import Look


@pytest.mark.parametrize(
    "text",
    [
        "DEEP = {'PASSWORD': 'abc'}\n" + "DEEP = {'x': DEEP}\n" * 500,
        "DEEP = ['a']\n" + "DEEP = [DEEP]\n" * 500,
        f"DEBUG = True\nVITE = {'not ' * 800}DEBUG\n",
    ],
)
def test_settings_that_are_nested_too_deeply_are_not_looked_into(seen: Look, text: str) -> None:
    assert seen({}, settings=text).names["project"] == "shop"


def test_a_setup_that_is_nested_too_deeply_requires_nothing(seen: Look) -> None:
    seen({"setup.py": f"x{'.b' * 800}()\n", "requirements.txt": None}).loads()
