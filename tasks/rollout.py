"""A release takes over, one wave of hosts after the other."""

from collections.abc import Callable, Generator
from functools import cache, partial

from pyinfra import host
from pyinfra.api import StringCommand, deploy

from stack.inventory.hosts import hosts_of_run, on
from stack.inventory.roles import APP
from stack.operations import migrations, rollback, rollout
from stack.operations import release as releases
from stack.project.target import Target
from stack.rollout.waves import Wave, split
from stack.state import migrator

Steps = Generator[StringCommand, None, None]


@deploy("Release")
@on(APP)
def put_live(target: Target) -> None:
    """Let the release take over, on a host that migrates in its turn once it has migrated."""
    migrate = migrations.migrating if migrator.migrates_in_turn(target) else None
    _in_waves(f"Serve {target.app.id}", target.app.id, releases.live, migrate, target=target)


@deploy("Release")
@on(APP)
def go_back(target: Target, folder: str, wanted: str, force: bool) -> None:
    """Let a release that is kept take over again.

    Args:
        target: what the host is to be.
        folder: the name of that release in ~/releases.
        wanted: the same where a person has named it; empty where it is the one before.
        force: also to other data, or across migrations that cannot be undone.
    """
    rollback.as_planned(name="Go back from what was planned", target=target, wanted=wanted)
    # What is forced is not looked at: it may have another database.
    database = "with the database that it was made for" if force else "the database stays as it is"
    _in_waves(
        f"Serve {folder} again{',' if force else ';'} {database}",
        folder,
        rollback.served,
        migrate=None,
        target=target,
        folder=folder,
        force=force,
    )


def _in_waves(
    name: str,
    what: str,
    switch: Callable[..., Steps],
    migrate: Callable[..., Steps] | None,
    target: Target,
    **arguments: object,
) -> None:
    """Order a switch over the hosts of the run. On a single one there is nothing to wait for."""
    if len(hosts_of_run()) < 2:
        rollout.alone(name=name, switch=partial(switch, target=target, **arguments))
        return
    waves = _waves(target.settings.waves)
    for wave in host.loop(waves):
        if host.name in wave.hosts:
            if migrate:
                rollout.migrated(
                    name=f"Migrate the database to {what}{wave.label}",
                    target=target,
                    wave=wave,
                    migrate=partial(migrate, target=target),
                    _ignore_errors=True,
                )
            rollout.switched(
                name=f"{name}{wave.label}",
                target=target,
                wave=wave,
                switch=partial(switch, target=target, **arguments),
                _ignore_errors=True,
            )
        rollout.watched(
            name=f"Watch what has switched{wave.label}", target=target, _ignore_errors=True
        )
    rollout.gone_back(
        name="Go back, where the rollout has failed", target=target, _ignore_errors=True
    )
    rollout.ended(
        name="End the rollout",
        target=target,
        what=what,
        waves=len(waves),
        _ignore_errors=True,
    )


@cache
def _waves(ends: tuple[int | str, ...]) -> list[Wave]:
    """The waves of this run: one split for all hosts, of which each asks."""
    return split([one.name for one in hosts_of_run()], ends)
