"""pip's configuration of this machine, as far as it makes sense inside a host."""

import ast
import sys
from contextlib import suppress

from tests.lab.authorities import BUNDLE
from tests.lab.command import run
from tests.lab.errors import LabError

# What says where packages come from, and how patient to be; local folders stay behind.
PLACES = ("index-url", "extra-index-url", "find-links", "trusted-host", "proxy")
PATIENCE = ("timeout", "default-timeout", "retries")


def pip_conf() -> str:
    """The text of a host's /etc/pip.conf."""
    # A virtual environment that uv made has no pip; the system's then knows as much.
    for python in (sys.executable, "/usr/bin/python3"):
        with suppress(LabError):
            return from_list(run([python, "-m", "pip", "config", "list"]).stdout)
    return from_list("")


def from_list(listed: str) -> str:
    """The same from what `pip config list` prints."""
    values: dict[str, list[str]] = {
        "cert": [str(BUNDLE)],
        "disable-pip-version-check": ["1"],
        # Over a minute in all: the way out may be gone for a while.
        "retries": ["9"],
    }
    # Later lines win as in pip: the environment (":env:") over the files.
    for line in sorted(listed.splitlines(), key=lambda line: line.startswith(":env:")):
        key, equals, value = line.partition("=")
        name = key.rpartition(".")[2]
        if not equals or not (key.startswith((":env:.", "global.", "install."))):
            continue
        words = str(ast.literal_eval(value)).split()
        if name in PLACES:
            words = [word for word in words if not _is_local(word)]
        elif name in PATIENCE:
            name = name.removeprefix("default-")
        else:
            continue
        if words:
            values[name] = words
    lines = [f"{name} = {' '.join(words)}" for name, words in sorted(values.items())]
    return "\n".join(["[global]", *lines, ""])


def _is_local(place: str) -> bool:
    return place.startswith(("file:", "/", ".", "~"))
