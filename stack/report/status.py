"""What each host serves, and how it is doing."""

from typing import Any

from pyinfra import host

from stack.database.state import failed_dump
from stack.facts.serving import Serving
from stack.host.observation import Unit
from stack.inventory.hosts import plays
from stack.inventory.roles import APP, DB, LB
from stack.project.target import Target
from stack.report.report import ReportError, drift_of_host, in_order, is_last, only_reads
from stack.state import firewall, swap
from stack.state.certificates import certificate_of
from stack.state.history import live_folder
from stack.state.maintenance import is_closed
from stack.state.neighbours import names_of, neighbours
from stack.state.placement import place
from stack.state.reading import observe, observe_server
from stack.state.schedules import failed
from stack.state.visited import visited

_states: dict[str, dict[str, Any]] = {}


def report(target: Target) -> None:
    """Report on every host, once all have been looked at.

    Raises:
        PyinfraError: the run does not compare (`-y`).
        ReportError: from the last host.
    """
    only_reads()
    _states[host.name] = _state(target)
    if is_last(_states):
        states = in_order(_states)
        text = "\n".join(_lines(name, state) for name, state in states.items())
        raise ReportError(text, {"hosts": states}, 0)


def _state(target: Target) -> dict[str, Any]:
    return {
        **(_of_app(target) if plays(APP) else {}),
        **(_of_database(target) if plays(DB) else {}),
        **(_of_balancer(target) if plays(LB) else {}),
        **(_of_certificate(target) if target.is_public and target.settings.tls != "off" else {}),
        **({"closed": is_closed(target)} if target.is_public else {}),
        "firewall": firewall.trouble(observe(target), target),
        "ufw": firewall.shut_by_ufw(observe(target), target),
        "swap": swap.trouble(observe(target), target.settings.swap),
        "beside": _beside(target),
        "drift": drift_of_host(),
    }


def _beside(target: Target) -> dict[str, list[str]]:
    """The other projects on the host, and the names of their sites."""
    seen = observe(target)
    others = neighbours(seen, target.layout.user)
    return {one.name: list(names_of(seen, one)) for one in others}


def _of_database(target: Target) -> dict[str, Any]:
    seen = observe_server(target)
    gone = "is not there" if seen.answer else "does not answer"
    return {
        "database": "ok" if seen.answer and seen.answer.owner else gone,
        "dumps": list(seen.dumps),
        "failed_dump": failed_dump(seen, target),
    }


def _of_balancer(target: Target) -> dict[str, Any]:
    front = target.front
    nginx = observe(target).units.get("nginx", Unit())
    return {"balancer": nginx.active, "servers": list(front.servers if front else ())}


def _of_certificate(target: Target) -> dict[str, Any]:
    seen = observe(target)
    found = certificate_of(seen, target)
    if found is None:
        return {"certificate": "none", "certificate_names": []}
    left = found.days_left(seen.now)
    told = f"ends on {found.day}, in {left:.0f} days" if left > 0 else f"has ended on {found.day}"
    return {"certificate": told, "certificate_names": sorted(found.names)}


def _of_app(target: Target) -> dict[str, Any]:
    here = place(target, observe(target))
    seen = visited(here)
    log = [one.time for one in here.seen.log if (one.release, one.result) == (seen.release, "live")]
    is_deployed = bool(seen.release or live_folder(here))
    now = host.get_fact(Serving, library=str(target.layout.library)) if is_deployed else None
    kept = [path for path in here.seen.entries if path.startswith(f"{target.layout.releases}/")]
    return {
        "release": seen.release,
        "doubt": seen.doubt,
        "since": log[-1] if log else "",
        "health": (now.trouble or "ok") if now else "nothing is live",
        "workers": now.workers if now else 0,
        "kept": sorted(path.split("/")[-2] for path in kept if path.endswith("/.built")),
        "failed_schedules": failed(here.seen, target),
        "used_bytes": now.used_bytes if now else 0,
        "free_bytes": now.free_bytes if now else here.seen.free_bytes or 0,
    }


def _lines(name: str, state: dict[str, Any]) -> str:
    lines = [name]
    if "release" in state:
        lines += [
            f"    live     {_live(state)}",
            f"    health   {state['health']}, {state['workers']} workers",
            f"    kept     {', '.join(state['kept']) or 'nothing'}",
            f"    disk     {_megabytes(state['used_bytes'])} used by releases and virtualenvs, "
            f"{_megabytes(state['free_bytes'])} free",
        ]
        for schedule, result in state["failed_schedules"].items():
            lines.append(f"    failed   {schedule}: {result}, see ~/logs/schedule-{schedule}.log")
    if "database" in state:
        lines += _database(state)
    if "balancer" in state:
        lines += [
            f"    balancer {state['balancer']}",
            f"    over     {', '.join(state['servers'])}",
        ]
    if "certificate" in state:
        names = ", ".join(state["certificate_names"])
        lines.append(f"    https    {f'{names}: ' if names else ''}{state['certificate']}")
    if state.get("closed"):
        lines.append("    closed   visitors get the maintenance page")
    for what in ("firewall", "ufw", "swap"):
        if trouble := state[what]:
            lines.append(f"    {what:8} {trouble}")
    if beside := state["beside"]:
        told = [f"{name} ({', '.join(names)})" if names else name for name, names in beside.items()]
        lines.append(f"    beside   {', '.join(told)}")
    return "\n".join([*lines, f"    drift    {'; '.join(state['drift']) or 'none'}"])


def _database(state: dict[str, Any]) -> list[str]:
    dumps, result = state["dumps"], state["failed_dump"]
    return [
        f"    database {state['database']}",
        f"    dumps    {f'{len(dumps)}, the newest {dumps[-1]}' if dumps else 'none'}",
        *([f"    failed   the last dump: {result}, see its journal"] if result else []),
    ]


def _live(state: dict[str, Any]) -> str:
    doubt = state["doubt"]
    if not state["release"]:
        return doubt or "nothing"
    what = f"{state['release']}, since {state['since'] or 'unknown'}"
    return f"{what}, but {doubt}" if doubt else what


def _megabytes(size: int | None) -> str:
    return "an unknown part" if size is None else f"{size / 1e6:,.0f} MB"
