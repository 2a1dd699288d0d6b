"""How far this run's rollout is: its hosts report to it, and ask it before each step."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from stack.state.served import Served


class Step(Enum):
    """How far a host is."""

    BEGUN = "begun"
    """It is to switch, perhaps after migrating a database of its own."""
    KEPT = "kept"
    """It served the release already."""
    SWITCHED = "switched"
    FAILED = "failed"


@dataclass
class Rollout:
    """Hosts are known by their names. Nothing here reads or changes one."""

    steps: dict[str, Step] = field(default_factory=dict)
    """Of the hosts whose turn has come."""
    before: dict[str, Served] = field(default_factory=dict)
    """What each of those that have switched, or have tried to, served when the run began."""
    why: dict[str, list[str]] = field(default_factory=dict)
    """Of those that have failed, the last lines of what tells the reason."""
    lost: tuple[str, ...] = ()
    """Hosts of the run that failed before the first switch."""
    failed: list[str] = field(default_factory=list)
    """The hosts that have failed, whenever that was."""
    interrupted: str = ""
    """By what somebody wants it to end, Ctrl-C say; empty where nobody does."""
    wave: int = 0
    """The last one that has begun."""

    @property
    def is_halted(self) -> bool:
        """Whether it does not reach its end."""
        return bool(self.interrupted or self.failed)

    def lets(self, wave: int) -> bool:
        """Whether a host of a wave may go on: its end waits for the wave that has begun."""
        return not self.failed and (not self.interrupted or wave <= self.wave)

    @property
    def result(self) -> str:
        """A word for how it ended."""
        if self.failed:
            return "failed"
        return "interrupted" if self.interrupted else "live"

    def begins(self, hosts: Iterable[str]) -> None:
        """No host has switched yet; `hosts` are those that have failed."""
        if not self.steps and not self.lost:
            self.lost = tuple(hosts)
            self.failed += self.lost

    def turn(self, host: str, wave: int, before: Served) -> None:
        """It is a host's turn."""
        self.wave = max(self.wave, wave)
        self.before[host] = before
        self.steps[host] = Step.BEGUN

    def kept(self, host: str) -> None:
        """The host had nothing to do."""
        self.steps[host] = Step.KEPT
        del self.before[host]

    def switched(self, host: str) -> None:
        """The host serves the release."""
        self.steps[host] = Step.SWITCHED

    def fails(self, host: str, why: str = "") -> None:
        """Something went wrong with the host; `why` where no command of it has told."""
        self.steps[host] = Step.FAILED
        self.failed.append(host)
        if why:
            self.why[host] = [why]

    def is_watched(self, host: str) -> bool:
        """Whether the host has switched in this run, and is to go on answering."""
        return self.steps.get(host) is Step.SWITCHED

    def goes_back(self, host: str, on_failure: str) -> bool:
        """Whether the host is to serve again what it served before."""
        if on_failure != "revert" or not self.failed or host not in self.before:
            return False
        return self.before[host].can_come_back
