"""Errors of visitors whose traceback no log would have."""

import re
from pathlib import Path

import pytest

from stack.looking.finding.tracebacks import LOGGING
from tests.unit.looking.shop import APP, SETTINGS, Look

SILENT = SETTINGS.replace("LOGGING_CONFIG = None", "")
TOLD = "shop/settings.py: there is no LOGGING, so no log has the traceback of an error"


def settings(text: str) -> dict[str, str]:
    return {"shop/settings.py": SILENT + text}


def test_that_there_is_no_logging_is_told_with_what_to_write(seen: Look) -> None:
    its = seen(settings(""))
    assert TOLD in its.wrong
    _, _, line = its.wrong.partition("log: ")
    assert seen(settings(line)).wrong == ""


@pytest.mark.parametrize(
    "text",
    [
        "LOGGING = {}",
        "import unknown\nif unknown.is_so():\n    LOGGING = {}",
        "LOGGING_CONFIG = None",
        "import logging\nlogging.basicConfig()",
        "import sentry_sdk\nsentry_sdk.init()",
        "from .more import *",
    ],
)
def test_nothing_is_told_of_settings_that_see_to_it(seen: Look, text: str) -> None:
    more = {"shop/more.py": "from logging.config import dictConfig\ndictConfig({})\n"}
    assert TOLD not in seen({**settings(text), **more}).wrong


def test_the_page_has_the_same_lines() -> None:
    page = Path("docs/at-night.md").read_text()
    [block] = re.findall(r"^```python\n(LOGGING.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert _value(block) == _value(LOGGING)


def _value(text: str) -> object:
    names: dict[str, object] = {}
    exec(text, names)  # noqa: S102
    return names["LOGGING"]


def test_a_module_that_is_not_there_may_have_it(seen: Look) -> None:
    assert TOLD not in seen({**APP, **settings("from .gone import *")}).wrong
