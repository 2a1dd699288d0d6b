"""Which host migrates the database."""

from pyinfra.context import ctx_host

from stack.inventory.hosts import app_hosts, hosts_of_run, plays
from stack.inventory.roles import APP
from stack.project.target import Target


def migrates(target: Target) -> bool:
    """Whether the current host migrates: each for itself, or the inventory's first for all."""
    rule = target.settings.migrate
    return plays(APP) and (rule == "each" or (rule == "once" and ctx_host.get() is app_hosts()[0]))


def migrates_in_turn(target: Target) -> bool:
    """Whether the current host migrates in its wave, and not before the rollout begins."""
    return target.settings.migrate == "each" and len(hosts_of_run()) > 1


def migrates_alone(target: Target) -> bool:
    """Whether no other host of the run, or of the database, has a say in when it does."""
    alone = len(hosts_of_run()) == 1
    return alone and migrates(target) and not migrates_for_others(target)


def migrates_for_others(target: Target) -> bool:
    """Whether other hosts use the database that the current host migrates."""
    return target.settings.migrate == "once" and len(app_hosts()) > 1


def absent(target: Target) -> str:
    """The host that migrates for all, where the run is not over it; else an empty string."""
    first = next(iter(app_hosts()), None)
    if first is None or target.settings.migrate != "once" or first in hosts_of_run():
        return ""
    return str(first.name)
