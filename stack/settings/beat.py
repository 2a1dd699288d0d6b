"""Celery's beat, which keeps when it sent what in a file: in its folder unless it is told another.

That folder goes with the release, and the next one would be held up by the file.
"""

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from itertools import pairwise
from posixpath import basename

from stack.settings.model import Settings
from stack.settings.problem import Problem, shown
from stack.source import Source, TooLargeError

FILE = "celerybeat-schedule"
OPTIONS = re.compile(r"-[sS]|--(sched|schedule|schedule-filename|scheduler|workdir)(=|$)")
"""What says where else that is, in the options of `beat`, and of a `worker` that is beat too."""
ELSEWHERE = re.compile(rb"beat_?(scheduler\b|schedule_filename)", re.IGNORECASE)
"""What says it in the project's own settings."""
LIKELY = ("celery", "settings", "conf")


def beat_problems(settings: Settings, source: Source) -> Iterator[Problem]:
    """Programs whose file the settings neither keep nor give up on."""
    names = [name for name, its in settings.programs.items() if _writes(its.command)]
    if not names or _is_named(settings) or _is_elsewhere(source):
        return
    shared = json.dumps([*settings.shared, "celerybeat"])
    disposable = json.dumps([*settings.disposable, f"{FILE}*"])
    for name in names:
        command = f"{settings.programs[name].command} --schedule celerybeat/schedule"
        text = (
            f"programs[{shown(name)}]: beat records what it sent in {FILE}, which goes with the "
            f"release; write the command {json.dumps(command)} and shared = {shared}, or give it "
            f"up: disposable = {disposable}"
        )
        yield Problem("programs", text)


def _writes(command: str) -> bool:
    try:
        words = shlex.split(command)
    except ValueError:
        return False
    at = next((n for n, word in enumerate(words) if basename(word) == "celery"), None)
    if at is None or any(map(OPTIONS.match, words[at:])):
        return False
    # What follows an option may be its value: -A beat.
    plain = {two for one, two in pairwise(words[at:]) if not one.startswith("-")}
    return "beat" in plain or ("worker" in plain and bool({"-B", "--beat"} & {*words[at:]}))


def _is_named(settings: Settings) -> bool:
    """Whether the settings know of the file already."""
    given_up = any(fnmatchcase(FILE, pattern) for pattern in settings.disposable)
    return given_up or any(path.startswith(FILE) for path in settings.shared)


def _is_elsewhere(source: Source) -> bool:
    return any(_says_where(source, path) for path in _by_chance(source.paths()))


def _says_where(source: Source, path: str) -> bool:
    try:
        return ELSEWHERE.search(source.read(path) or b"") is not None
    except TooLargeError:
        return False  # nobody has written it, nor settings in it


def _by_chance(paths: Iterable[str]) -> list[str]:
    """The modules, those first in which a project usually says it."""
    modules = [path for path in paths if path.endswith(".py")]
    return sorted(modules, key=lambda path: not any(word in path for word in LIKELY))
