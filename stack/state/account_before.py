"""The account that a host had by the name of the project's before the first deployment."""

from dataclasses import dataclass

from stack.host.observation import Observation, User
from stack.project.leaving import Belongings
from stack.project.target import Target


@dataclass(frozen=True)
class Account:
    """What an account was like before the first deployment, as far as that can be had again."""

    user: User
    """In the place of a shell and of a group that have gone since, those that he has now."""
    lost: frozenset[str]
    """The groups and the shell that have gone since."""
    is_homeless: bool
    """Whether there is nothing any more where his home was."""
    had_log_group: bool
    """Whether there was a group of its name, which is the logs' now."""
    has_projects_home: bool
    """Whether the project's home was its own, or had it in it."""
    mode: str
    """Of the home that a project has, where it was there; else empty, as the group is."""
    group: str
    """Empty where it has gone since: then nobody has what it was let do."""


def account_before(seen: Observation, target: Target) -> Account | None:
    """Of the user who was there; None where a deployment has made him."""
    lines = seen.texts.get(Belongings(target.layout).account, "").split("\n")
    if len(lines) < 6 or seen.user is None:
        return None
    home, shell, group, groups, log_group, of_home = lines[:6]
    mode, _, homes_group = of_home.partition(" ")
    lost = seen.user_lost
    if homes_group in lost:
        mode, homes_group = f"{int(mode, 8) & ~0o070:o}", ""
    own = seen.user.group if group in lost else group
    user = User(
        home,
        seen.user.shell if shell in lost else shell,
        own,
        frozenset(groups.split()) - lost - {own},
    )
    return Account(
        user=user,
        lost=lost & {shell, group, *groups.split()},
        is_homeless=home in lost,
        had_log_group=bool(log_group),
        has_projects_home=seen.user_lived_here,
        mode=mode,
        group=homes_group,
    )
