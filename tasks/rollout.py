"""A release takes over, one wave of hosts after the other."""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from pyinfra import host
from pyinfra.api import deploy

from stack.inventory.hosts import hosts_of_run, on
from stack.inventory.roles import APP
from stack.operations import migrations, rollback, rollout
from stack.operations import release as operations
from stack.project.target import Target
from stack.rollout.waves import Wave, split
from stack.state import migrator


@deploy("Release")
@on(APP)
def put_live(target: Target) -> None:
    """Let the release take over, on a host that migrates in its turn once it has migrated."""
    migrate = migrations.migrated if migrator.migrates_in_turn(target) else None
    _in_waves(f"Serve {target.app.id}", target.app.id, operations.live, migrate, target=target)


@deploy("Release")
@on(APP)
def go_back(target: Target, folder: str, force: bool) -> None:
    """Let a release that is kept take over again."""
    _in_waves(
        f"Serve {folder} again; the database stays as it is",
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
    switch: Callable[..., Any],
    migrate: Callable[..., Any] | None,
    target: Target,
    **arguments: object,
) -> None:
    """Order a switch over the hosts of the run. On a single one there is nothing to wait for."""
    if len(hosts_of_run()) < 2:
        switch(name=name, target=target, **arguments)
        return
    waves = _waves(target.settings.waves)
    for wave in host.loop(waves):
        if host.name in wave.hosts:
            if migrate:
                rollout.migrated(
                    name=f"Migrate the database to {what}{wave.label}",
                    target=target,
                    wave=wave,
                    migrate=partial(_inner(migrate), target=target),
                    _ignore_errors=True,
                )
            rollout.switched(
                name=f"{name}{wave.label}",
                target=target,
                wave=wave,
                switch=partial(_inner(switch), target=target, **arguments),
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


def _inner(operation: Callable[..., Any]) -> Callable[..., Any]:
    """The commands of an operation, for another operation to run."""
    commands: Callable[..., Any] = operation._inner  # type: ignore[attr-defined]
    return commands


@cache
def _waves(ends: tuple[int | str, ...]) -> list[Wave]:
    """The waves of this run: one split for all hosts, of which each asks."""
    return split([one.name for one in hosts_of_run()], ends)
