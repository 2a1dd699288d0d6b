"""Whether a release is what a host runs: pure functions of what was read."""

import json
import re
from pathlib import PurePosixPath

from stack.host.files import File
from stack.host.observation import Entry, Process
from stack.state.placement import Placement, owners_of
from stack.state.services import supervisor_is_loaded
from stack.state.understudies import former_folders, units

OWNER = re.compile(r"^user\s*[=:]\s*([^\s;]+)", re.MULTILINE)
"""Whom a file of Supervisor's has a program run as; without, it runs as root."""


def is_live(here: Placement) -> bool:
    """Whether this is what is served, with the environment that is declared."""
    return is_served(here) and here.has_environment


def is_served(here: Placement) -> bool:
    """Whether this is what is served: by the files, and by the live process itself."""
    target, entries = here.target, here.seen.entries
    program = target.files.program
    return (
        here.has_virtualenv
        and _leads(entries.get(str(target.layout.live)), f"releases/{here.folder.name}")
        and _leads(
            entries.get(str(target.layout.virtualenv)), f"../{target.layout.user}/virtualenv"
        )
        and _leads(
            entries.get(str(here.folder / "virtualenv")),
            f"../../.virtualenvs/{here.virtualenv.name}",
        )
        and program.is_in_place(entries.get(program.path))
        and supervisor_is_loaded(here.seen, here.target)
        and _runs(here, program)
        and _has_its_log(here)
        and here.seen.proxied_to in ("", target.address)
        and not any(path in entries for path in map(str, target.layout.traces_of_a_switch))
        and not units(here.seen, target.layout)
        and not former_folders(here.seen, target.layout)
    )


def has_another_page(here: Placement) -> bool:
    """Whether what is live was asked for another health page when it went live than is declared.

    A release that is to go live is asked for its own as it does.
    """
    text = here.seen.texts.get(str(here.target.layout.switch_values), "")
    try:
        page = json.loads(text)["health_path"]
    except (ValueError, KeyError, TypeError):
        return False
    return bool(page != here.target.settings.health_path) and is_live(here)


def runs_program(here: Placement, name: str) -> bool:
    """Whether one of Supervisor's other programs runs, from this release and by its own file."""
    file = here.target.files.programs[name]
    if not file.is_in_place(here.seen.entries.get(file.path)):
        return False
    if not supervisor_is_loaded(here.seen, here.target):
        return True  # the switch starts supervisord anew, and with it this
    return _is_of(here, process_of(here, name), file)


def _has_its_log(here: Placement) -> bool:
    """Whether the process writes where people read; its log may have been taken away."""
    folder = here.target.layout.logs
    entry = here.seen.entries.get(str(folder))
    there = entry is not None and entry.kind == "directory"
    return there and str(folder / here.target.server.log) in here.seen.entries


def _runs(here: Placement, program: File) -> bool:
    process = process_of(here, here.target.settings.program)
    # It starts its workers once it has its address, which another may hold.
    working = process is not None and process.children > 0
    return working and _is_of(here, process, program)


def _is_of(here: Placement, process: Process | None, file: File) -> bool:
    """Whether a process was started from this release, its virtualenv and a program's file.

    It tells so itself. As somebody may have changed the files for a while, they must not be
    younger than it.
    """
    paths = (file.path, str(here.folder / "with-env"), str(here.virtualenv / ".built"))
    sources = [here.seen.entries.get(path) for path in paths]
    return (
        process is not None
        and process.environment.get("RELEASE_FOLDER") == str(here.folder)
        and _names(process.environment.get("VIRTUAL_ENV", ""), here.virtualenv)
        and f'PROGRAM_ID="{process.environment.get("PROGRAM_ID")}"' in file.content
        and not any(
            entry is None or here.seen.changed_since(entry, process.started) for entry in sources
        )
    )


def _names(path: str, wanted: PurePosixPath) -> bool:
    """Whether a path without symlinks is the wanted one: /home may be one, to another disk."""
    return PurePosixPath(path).parts[-2:] == wanted.parts[-2:]


def process_of(here: Placement, program: str) -> Process | None:
    """The process of one of the project's programs, as a child of supervisord's.

    Which program it is, it says itself. A neighbour's may say the same, and so it has to be of an
    account that it can be of; the project's own other programs deceive nobody but the project.
    """
    owners = _owners(here, program)
    for process in here.seen.children("supervisor"):
        its = process.environment.get("SUPERVISOR_PROCESS_NAME")
        if its == program and process.owner in owners:
            return process
    return None


def _owners(here: Placement, program: str) -> set[str]:
    """Whom a program is to run as, and whom Supervisor's file as it is has it run as."""
    files = here.target.files
    text = here.seen.texts.get(files.programs.get(program, files.program).path)
    others = [] if text is None else OWNER.findall(text) or ["root"]
    return {*owners_of(here.target.layout, here.seen), *others}


def _leads(entry: Entry | None, target: str) -> bool:
    return entry is not None and (entry.kind, entry.target) == ("link", target)
