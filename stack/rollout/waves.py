"""Which host switches when."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Wave:
    """Hosts that switch at the same time."""

    number: int
    """From 1."""
    count: int
    """How many waves there are."""
    hosts: frozenset[str]
    """Their names."""

    @property
    def label(self) -> str:
        """What the names of its operations end with; nothing where it is the only one."""
        return f" (wave {self.number} of {self.count})" if self.count > 1 else ""


def split(hosts: Sequence[str], waves: Sequence[int | str]) -> list[Wave]:
    """The waves of hosts, in the order of the hosts.

    Args:
        waves: how many hosts have switched once a wave has, as the setting has it: a number, or
            a percentage of all, rounded up. A wave that would be empty gets one host, as long as
            there are any; hosts that are left over make one wave more.
    """
    parts: list[frozenset[str]] = []
    done = 0
    for end in [*(_number(wave, len(hosts)) for wave in waves), len(hosts)]:
        end = min(max(end, done + 1), len(hosts))
        if part := frozenset(hosts[done:end]):
            parts.append(part)
        done = end
    return [Wave(number, len(parts), part) for number, part in enumerate(parts, 1)]


def _number(wave: int | str, count: int) -> int:
    if isinstance(wave, int):
        return wave
    return -(-int(wave.removesuffix("%")) * count // 100)
