"""Commands that run at their times: pure functions of what was read."""

from pathlib import PurePath

from stack.host.files import out_of_place
from stack.host.observation import Observation, Unit
from stack.project.target import Target


def unit_of(target: Target, name: str) -> str:
    """The units of a schedule, as systemd calls them, without suffix."""
    return PurePath(target.layout.schedule(name)).name


def is_scheduled(seen: Observation, target: Target, name: str) -> bool:
    """Whether its timer runs, now and after a boot, with its files as declared."""
    unit = unit_of(target, name)
    timer, service = seen.units.get(f"{unit}.timer", Unit()), seen.units.get(unit, Unit())
    is_read = not timer.is_stale and not service.is_stale
    return timer.runs and is_read and not out_of_place(target.files.schedules[name], seen.entries)


def undeclared(seen: Observation, target: Target) -> list[str]:
    """The units, without suffixes, of schedules that are not this host's."""
    beginning, own = target.layout.schedule(""), set(target.files.schedules)
    found = {
        path.removeprefix(beginning).removesuffix(".timer").removesuffix(".service")
        for path in seen.entries
        if path.startswith(beginning)
    }
    return sorted(unit_of(target, name) for name in found - own)


def failed(seen: Observation, target: Target) -> dict[str, str]:
    """Why the last run of a schedule failed, in systemd's words, by its name."""
    results = {
        name: seen.units.get(unit_of(target, name), Unit()).result
        for name in target.files.schedules
    }
    return {name: result for name, result in results.items() if result not in ("", "success")}
