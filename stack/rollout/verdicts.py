"""How a rollout ended that was not completed, for people and for machines."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from stack.rollout.progress import Rollout, Step
from stack.run import interruption

MOST_HOSTS, MOST_LINES = 2, 12
"""Of how many that have failed the last lines are repeated, and how many; the rest is above."""


@dataclass(frozen=True)
class Now:
    """A host at the end of a rollout."""

    serves: str
    """The release that visitors were seen to get; empty when there is none, or it is not known."""
    trouble: str = ""
    """What is wrong with it; empty when it is fine."""

    def line(self, before: str | None) -> str:
        """For a person; `before` is what it served before its turn, None when it had none."""
        if not self.serves:
            return self.trouble or "serves no release"
        what = f"serves {self.serves}"
        if before is None:
            what += ", and had no turn"
        elif self.serves == before:
            what += ", as before"
        return f"{what}, but {self.trouble}" if self.trouble else what


@dataclass(frozen=True)
class Verdict:
    """What is told at the end."""

    text: str
    """For a person, several lines."""
    payload: Mapping[str, Any]
    """For machines."""
    exit_code: int


def verdict(what: str, waves: int, rollout: Rollout, hosts: Mapping[str, Now]) -> Verdict:
    """The verdict on a rollout.

    Args:
        what: the release that was to go live.
        waves: how many waves there were to be.
        rollout: how it went.
        hosts: how each host is now, in the inventory's order.
    """
    before = {host: served.folder for host, served in rollout.before.items()}
    before |= {host: what for host, step in rollout.steps.items() if step is Step.KEPT}
    width = max(map(len, hosts), default=0)
    lines = [_headline(what, waves, rollout)]
    for host in rollout.failed[:MOST_HOSTS]:
        lines += [f"    {host} | {line}" for line in rollout.why.get(host, [])[-MOST_LINES:]]
    lines += [f"    {host:{width}}  {now.line(before.get(host))}" for host, now in hosts.items()]
    if any(hosts[host].serves != before[host] for host in rollout.before if host in hosts):
        lines.append(_advice({before[host] for host in rollout.before}))
    payload = {
        "release": what,
        "result": rollout.result,
        "wave": rollout.wave,
        "waves": waves,
        "failed": rollout.failed,
        "hosts": {host: asdict(now) for host, now in hosts.items()},
    }
    exit_code = 1 if rollout.failed else interruption.exit_code()
    return Verdict("\n".join(lines), {"rollout": payload}, exit_code)


def _headline(what: str, waves: int, rollout: Rollout) -> str:
    if rollout.lost:
        return f"{what} went live on no host, for {', '.join(rollout.lost)} failed before:"
    where = f"in wave {rollout.wave} of {waves}"
    if rollout.failed:
        return f"The rollout of {what} failed {where}, on {', '.join(rollout.failed)}:"
    return f"The rollout of {what} was stopped by {rollout.interrupted} {where}:"


def _advice(before: set[str]) -> str:
    back = f" --data release={next(iter(before))}" if len(before) == 1 and all(before) else ""
    return f"Run deploy.py again to complete it, or rollback.py{back} to go back."
