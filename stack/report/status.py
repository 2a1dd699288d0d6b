"""What each host serves, and how it is doing: asked of it."""

from pyinfra import host

from stack.database.state import failed_dump
from stack.facts.serving import Serving, ServingState
from stack.host.observation import Unit
from stack.inventory.hosts import plays
from stack.inventory.roles import APP, DB, LB
from stack.project.target import Target
from stack.report.host_status import App, Balancer, Certificate, Database, HostStatus, as_json
from stack.report.report import ReportError, drift_of_host, in_order, is_last
from stack.report.status_lines import lines
from stack.run.deploying import deploying
from stack.state import firewall, fitness, swap
from stack.state.former import had_database, still_balanced, still_served, still_stored
from stack.state.history import all_kept, live_folder, never_live
from stack.state.live import process_of
from stack.state.maintenance import is_closed
from stack.state.neighbours import names_of, neighbours
from stack.state.placement import place
from stack.state.reading import observe, observe_server
from stack.state.schedules import failed
from stack.state.services import supervisor_trouble
from stack.state.visited import certificate, is_certificate_read, is_self_made, visited

_found: dict[str, HostStatus] = {}


def report(target: Target) -> None:
    """Report on every host, once all have been looked at.

    Raises:
        ReportError: from the last host.
    """
    _found[host.name] = _status(target)
    if is_last(_found):
        found = in_order(_found)
        text = "\n".join(line for name, one in found.items() for line in lines(name, one))
        payload = {"hosts": {name: as_json(one) for name, one in found.items()}}
        raise ReportError(text, payload, 0)


def _status(target: Target) -> HostStatus:
    seen = observe(target)
    closed = is_closed(seen, target)
    had = had_database(seen, target)
    stored = still_stored(observe_server(target), target) if had else ""
    return HostStatus(
        app=_app(target) if plays(APP) else None,
        database=_database(target) if plays(DB) else None,
        balancer=_balancer(target) if plays(LB) else None,
        certificate=_certificate(target) if target.is_public else None,
        deploying=deploying(target),
        closed=closed if closed or target.is_public else None,
        still_served=still_served(seen, target),
        still_balanced=still_balanced(seen, target),
        still_stored=stored,
        firewall=firewall.trouble(seen, target),
        ufw=firewall.shut_by_ufw(seen, target),
        swap=swap.trouble(seen, target.settings.swap),
        home=fitness.home_trouble(seen) if plays(APP) else "",
        beside={one.name: names_of(seen, one) for one in neighbours(seen, target.layout.user)},
        drift=drift_of_host(),
    )


def _app(target: Target) -> App:
    here = place(target, observe(target))
    seen = visited(here)
    log = [one.time for one in here.seen.log if (one.release, one.result) == (seen.release, "live")]
    is_deployed = bool(seen.release or live_folder(here))
    now = host.get_fact(Serving, library=str(target.layout.library)) if is_deployed else None
    kept = all_kept(here)
    folders = f"{target.layout.releases}/", f"{target.layout.virtualenvs}/"
    is_empty = here.seen.is_whole and not any(one.startswith(folders) for one in here.seen.entries)
    process = process_of(here, target.settings.program)
    asked = now or ServingState(used_bytes=0 if is_empty else None)
    free = here.seen.free_bytes if asked.free_bytes is None else asked.free_bytes
    return App(
        release=seen.release,
        doubt=seen.doubt,
        since=log[-1] if log else "",
        health=(now.trouble or "ok") if now else "nothing is live",
        # One that answers, and is not supervisord's, has outlived it.
        workers=process.children if process else None if now else 0,
        supervisor=supervisor_trouble(here.seen, asked.supervisor_answers) if now else "",
        unreached=asked.unreached,
        kept=kept,
        never_live=never_live(here, kept),
        failed_schedules=failed(here.seen, target),
        used_bytes=asked.used_bytes,
        free_bytes=free,
    )


def _database(target: Target) -> Database:
    seen = observe_server(target)
    gone = "is not there" if seen.answer else "does not answer"
    return Database(
        database="ok" if seen.answer and seen.answer.owner else gone,
        dumps=seen.dumps,
        failed_dump=failed_dump(seen, target),
    )


def _balancer(target: Target) -> Balancer:
    nginx = observe(target).units.get("nginx", Unit())
    return Balancer(nginx.active, target.front.servers if target.front else ())


def _certificate(target: Target) -> Certificate | None:
    seen = observe(target)
    found = certificate(seen, target)
    if found is None:
        return Certificate("none", ()) if target.settings.tls != "off" else None
    left = found.days_left(seen.now)
    told = f"ends on {found.day}, in {left:.0f} days" if left > 0 else f"has expired on {found.day}"
    if is_self_made(seen, target):
        told = "self-made, which no browser trusts"
    if not is_certificate_read(seen, target):
        told += ", and Nginx has yet to read it"
    return Certificate(told, sorted(found.names))
