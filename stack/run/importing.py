"""Importing ahead: while hosts are being reached, the controller has nothing else to do."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module

import gevent

MODULES = (
    "pydantic_core.core_schema",
    "pydantic.json_schema",
    "pydantic.main",
    "pydantic.types",
    "stack.host.observation",
    "stack.requirements",
    "stack.settings",
    "stack.facts",
    "stack.project.target",
    "stack.run.target",
    "tasks.database",
    "tasks.firewall",
    "tasks.release",
    "tasks.rollout",
    "tasks.schedules",
    "tasks.server",
    "tasks.tls",
)
"""What entry files import, in steps: a host's answer has to wait for the one that is being made."""


def import_ahead(words: Sequence[str]) -> None:
    """Import what entry files need whenever all hosts that are being reached are waited for.

    Args:
        words: the command line's; where they name no file beside the inventory, nothing is needed.
    """
    if sum(word.endswith(".py") for word in words) > 1:
        gevent.spawn(_import_all)


def _import_all() -> None:
    # What cannot be imported is told when it is needed.
    with suppress(ImportError):
        for name in MODULES:
            gevent.idle()
            if name not in sys.modules:
                import_module(name)
