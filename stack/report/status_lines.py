"""What is told of a host, in lines for a person."""

from collections.abc import Iterator

from stack.report.host_status import App, Certificate, Database, HostStatus

TROUBLES = {
    "site": "still_served",
    "balancer": "still_balanced",
    "database": "still_stored",
    **{name: name for name in ("firewall", "ufw", "swap", "home")},
}
"""What a line begins with, and where what is told there is."""


def lines(name: str, status: HostStatus) -> Iterator[str]:
    """The host's name, and below it a line for each thing to know."""
    yield name
    if status.app:
        yield from _app(status.app)
    if status.database:
        yield from _database(status.database)
    if status.balancer:
        yield f"    balancer {status.balancer.balancer}"
        yield f"    over     {', '.join(status.balancer.servers)}"
    if status.certificate:
        yield f"    https    {_https(status.certificate)}"
    if status.deploying:
        yield f"    deploys  {status.deploying}"
    if status.closed:
        yield "    closed   visitors get the maintenance page"
    for what, attribute in TROUBLES.items():
        if trouble := getattr(status, attribute):
            yield f"    {what:8} {trouble}"
    if status.beside:
        beside = (f"{one} ({', '.join(its)})" if its else one for one, its in status.beside.items())
        yield f"    beside   {', '.join(beside)}"
    yield f"    drift    {'; '.join(status.drift) or 'none'}"


def _app(app: App) -> Iterator[str]:
    yield f"    live     {_live(app)}"
    workers = "an unknown number of" if app.workers is None else app.workers
    yield f"    health   {app.health}, {workers} workers"
    if app.supervisor:
        yield f"    programs {app.supervisor}"
    for line in app.unreached:
        yield f"    visitors {line}"
    kept = (f"{one} (never live)" if one in app.never_live else one for one in app.kept)
    yield f"    kept     {', '.join(kept) or 'nothing'}"
    used, free = _megabytes(app.used_bytes), _megabytes(app.free_bytes)
    yield f"    disk     {used} used by releases and virtualenvs, {free} free"
    for schedule, result in app.failed_schedules.items():
        yield f"    failed   {schedule}: {result}, see ~/logs/schedule-{schedule}.log"


def _live(app: App) -> str:
    if not app.release:
        return app.doubt or "nothing"
    what = f"{app.release}, since {app.since or 'unknown'}"
    return f"{what}, but {app.doubt}" if app.doubt else what


def _megabytes(size: int | None) -> str:
    return "an unknown part" if size is None else f"{size / 1e6:,.0f} MB"


def _database(its: Database) -> Iterator[str]:
    dumps = its.dumps
    yield f"    database {its.database}"
    yield f"    dumps    {f'{len(dumps)}, the newest {dumps[-1]}' if dumps else 'none'}"
    if its.failed_dump:
        yield f"    failed   the last dump: {its.failed_dump}, see its journal"


def _https(its: Certificate) -> str:
    names = ", ".join(its.certificate_names)
    return f"{names}: {its.certificate}" if names else its.certificate
