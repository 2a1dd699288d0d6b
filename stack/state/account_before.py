"""The account that a host had by the name of the project's before the first deployment."""

from dataclasses import dataclass

from stack.host.observation import Observation, User
from stack.project.leaving import Belongings
from stack.project.target import Target


@dataclass(frozen=True)
class Account:
    """What an account was like before the first deployment."""

    user: User
    had_log_group: bool
    """Whether there was a group of its name, which is the logs' now."""
    has_projects_home: bool
    """Whether the project's home was its own, or had it in it."""
    mode: str
    """Of the home that a project has, where it was there; else empty, as the group is."""
    group: str


def account_before(seen: Observation, target: Target) -> Account | None:
    """Of the user who was there; None where a deployment has made him."""
    lines = seen.texts.get(Belongings(target.layout).account, "").split("\n")
    if len(lines) < 6 or seen.user is None:
        return None
    home, shell, group, groups, log_group, of_home = lines[:6]
    mode, _, homes_group = of_home.partition(" ")
    user = User(home, shell, group, frozenset(groups.split()) - {group})
    return Account(user, bool(log_group), seen.user_lived_here, mode, homes_group)
