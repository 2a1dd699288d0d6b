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


def scheduled(seen: Observation, target: Target) -> set[str]:
    """The names of the schedules that have a file, declared or not.

    A folder of drop-ins, `….service.d`, belongs to whoever made it.
    """
    beginning = target.layout.schedule("")
    return {
        path.removeprefix(beginning).removesuffix(suffix)
        for path in seen.entries
        for suffix in (".timer", ".service")
        if path.startswith(beginning) and path.endswith(suffix)
    }


def undeclared(seen: Observation, target: Target) -> list[str]:
    """The units, without suffixes, of schedules that are not this host's."""
    found = scheduled(seen, target) - set(target.files.schedules)
    return sorted(unit_of(target, name) for name in found)


def failed(seen: Observation, target: Target) -> dict[str, str]:
    """Why the last run of a schedule failed, in systemd's words, by its name."""
    results = {
        name: seen.units.get(unit_of(target, name), Unit()).result
        for name in target.files.schedules
    }
    return {name: result for name, result in results.items() if result not in ("", "success")}
