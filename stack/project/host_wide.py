"""What a project may ask of its server as a whole, in files that all projects share."""

import json

from stack.host.files import Declared, Directory, File
from stack.project.rendering import render
from stack.project.target import Target

ASKED = ("automatic_updates", "swap", "firewall")
"""The settings that are for the whole server."""
NOTHING = {"automatic_updates": False, "swap": "", "firewall": False}
"""Their values by which a project asks nothing of it."""

UPDATES = File("/etc/apt/apt.conf.d/60django-stack", render("etc/apt/apt.conf.d/60django-stack"))
"""Sorted after Debian's own files, whose lists it replaces."""
NEEDRESTART = File(
    "/etc/needrestart/conf.d/django-stack.conf", render("etc/needrestart/conf.d/django-stack.conf")
)

SWAP_FILE = "/var/swap/django_stack"
"""Not /swapfile, which may be a person's."""
SWAP_UNIT = "var-swap-django_stack.swap"
"""As systemd calls it, by the file."""
SWAP = File(f"/etc/systemd/system/{SWAP_UNIT}", render(f"etc/systemd/system/{SWAP_UNIT}"))


def record_path(target: Target) -> str:
    """Where root writes down what the project asks of the server."""
    return f"{target.layout.library}/server.json"


def record(target: Target) -> list[Declared]:
    """What the project asks of the server, for its neighbours to know; empty where nothing is."""
    values = {name: getattr(target.settings, name) for name in ASKED}
    if not any(values.values()):
        return []
    text = json.dumps({"user": target.layout.user, **values}, indent=4) + "\n"
    return [Directory(str(target.layout.library)), File(record_path(target), text)]


def paths(target: Target) -> list[str]:
    """What is read of a host, whether it is asked for or was once."""
    ours = [file.path for file in (UPDATES, NEEDRESTART, SWAP)]
    return [record_path(target), str(target.layout.library), *ours]
