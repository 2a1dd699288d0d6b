"""Checks of how a rollout goes over several hosts."""

import re
from typing import Annotated

from pydantic import SkipValidation

from stack.settings.check import Check, Listed


def _wave(wave: object) -> object:
    if isinstance(wave, str) and re.fullmatch(r"[1-9][0-9]?%|100%", wave):
        return wave
    if isinstance(wave, int) and not isinstance(wave, bool) and wave >= 1:
        return wave
    raise ValueError


WAVE = Check('a number of hosts, such as 1, or a percentage of them, such as "25%"', _wave)

Waves = Annotated[
    # WAVE looks at the type too: pydantic has a problem for each of several types.
    Listed[Annotated[int | str, SkipValidation, WAVE]],
    Check('a list of numbers of hosts and percentages, such as [1, "25%", "100%"]'),
]
