"""What visitors of a host get, by what was seen of it: pure functions of what was read."""

from dataclasses import dataclass

from stack.host.certificate import Certificate, certificate_in
from stack.host.observation import Observation, Process, Unit
from stack.project.certbot import pair, served_chain
from stack.project.layout import NAME
from stack.project.target import Target
from stack.state.history import live_folder
from stack.state.live import process_of
from stack.state.placement import Placement
from stack.state.services import has_read, workers_of_nginx


@dataclass(frozen=True)
class Visited:
    """What was seen, and no more than that."""

    release: str = ""
    """The release that the process says it runs which visitors are sent to: its name in
    ~/releases. Empty when there is none, or that was not seen."""
    doubt: str = ""
    """What says otherwise, for a person; empty when all that was seen agrees."""


def visited(here: Placement) -> Visited:
    """What visitors get: by the live process itself, and by where Nginx sends them."""
    leads = live_folder(here)
    link = f"~/{here.target.layout.user} leads to {leads or 'no release'}"
    process = process_of(here, here.target.settings.program)
    server = here.target.server.name
    runs = _release(process) if process and process.children else ""
    if not runs:
        runner = server if process else "supervisord"
        what = f"{runner} runs no {'release' if process else server}"
        if here.seen.units.get("supervisor", Unit()).active != "active":
            what = "supervisord does not run"
        return Visited("", f"{what}, and {link}" if leads else "")
    other = link if leads != runs else ""
    if process and (elsewhere := _elsewhere(here, process)):
        return Visited("", ", ".join(filter(None, (f"{server} runs {runs}", elsewhere, other))))
    path = here.target.files.site_file
    site = here.seen.entries.get(path)
    if site and not has_read(here.seen, site.changed):
        other = ", and ".join(filter(None, (other, f"Nginx has not read {path} as it is now")))
    return Visited(runs, other)


def certificate(seen: Observation, target: Target) -> Certificate | None:
    """The one that lies where Nginx reads it, whatever the settings have by now."""
    path = served_chain(target)
    # One that lies there may be another service's alone by now.
    if target.settings.tls == "off" and not any(path in text for text in seen.nginx_files.values()):
        return None
    return certificate_in(seen.texts.get(path, ""))


def is_self_made(seen: Observation, target: Target) -> bool:
    """Whether it is the host's own, which no browser trusts."""
    link = seen.entries.get(str(target.layout.certificates / "current"))
    return link is not None and link.target == "own"


def is_certificate_read(seen: Observation, target: Target) -> bool:
    """Whether Nginx has read it as it lies there."""
    folder = target.layout.certificates
    link = seen.entries.get(str(folder / "current"))
    its = map(str, pair(folder / link.target)) if link and link.kind == "link" else ()
    there = (seen.entries.get(path) for path in (str(folder / "current"), *its))
    return has_read(seen, max((entry.changed for entry in there if entry), default=0.0))


def _release(process: Process) -> str:
    # It may say anything of itself, also what would read as the rest of a line.
    name = process.environment.get("RELEASE_FOLDER", "").rpartition("/")[2]
    return name if NAME.fullmatch(name) else ""


def _elsewhere(here: Placement, process: Process) -> str:
    """Where visitors are in place of the app server; empty when they are sent to it."""
    seen, user = here.seen, here.target.layout.user
    if seen.units.get("nginx", Unit()).active != "active" or not workers_of_nginx(seen):
        return "Nginx does not run"
    if not seen.proxied_to:
        return "Nginx sends nobody there"
    # Earlier versions wrote it with a path: http://ADDRESS/ and http://unix:/PATH:/
    address = seen.proxied_to.removeprefix("http://").removesuffix("/").removesuffix(":")
    if address == f"{user}-understudy":
        return "an understudy has the visitors"
    # To uWSGI a socket is its path alone.
    its = {address, address.removeprefix("unix:")}
    is_there = not its.isdisjoint(addresses_of(here, process))
    return "" if is_there else f"Nginx sends visitors to {address}"


def addresses_of(here: Placement, process: Process) -> tuple[str, ...]:
    """The words of the command that it was started with: by itself, and by its file.

    Some libraries have it show other words of itself.
    """
    text = here.seen.texts.get(here.target.files.program.path, "")
    identity = f'PROGRAM_ID="{process.environment.get("PROGRAM_ID")}"'
    return (*process.command, *(text.split() if identity in text else ()))
