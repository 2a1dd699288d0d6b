"""Putting a release live, going back, and clearing away old ones."""

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from pyinfra.api import StringCommand

from stack.onhost import inside
from stack.project.layout import Layout
from stack.project.target import Target
from stack.shell.account import as_user
from stack.shell.printing import telling
from stack.shell.scripts import as_root, script
from stack.state.listening import socket_of, why_no_socket

PUT_LIVE = script(__file__, "put_live.sh", "aside.sh", "readable.sh", "can_listen.sh")
CHECK_WAY_BACK = script(
    __file__, "check_way_back.sh", "way_back.sh", "in_django.sh", "last_lines.sh"
)
OF_DATA = ("sqlite", "storing", "lasting", "identity", "data")
"""What tells where a release has its data, in the order in which they import each other."""
REMOVE = script(__file__, "remove_folders.sh", "clear_away.sh")
RELEASE_SECONDS = 2
"""How long a run waits for old releases to be gone."""
AFTER_SWITCH = script(__file__, "after_switch.sh", "last_lines.sh", "run_commands.sh")
LOG_ATTEMPT = script(__file__, "log_attempt.sh")
OTHERS_UNCHANGED = script(__file__, "others_unchanged.sh", "other_projects.sh")
OPEN_MEDIA = script(__file__, "open_media.sh")


def put_live(
    target: Target,
    folder: str,
    virtualenv: str,
    by: str,
    program: str = "",
    revision: str = "",
    commands_follow: bool = False,
    record: str = "",
) -> StringCommand:
    """Put a release live by the host's own script, with the program's file that it needs.

    Args:
        folder: the release's name in ~/releases.
        virtualenv: a name in ~/.virtualenvs.
        by: who does it, and from where, for the host's release log.
        program: the text of that file; empty for what the settings declare.
        revision: what the release was made from; empty when that is not known.
        commands_follow: whether the project's own commands are to run once it is live: it keeps
            `.after` until they have.
        record: the text of switch.json that goes with it; empty for what the settings declare.
    """
    words = ["--program-file", "/dev/stdin", "--by", by, "--revision", revision]
    words += ["--commands-follow"] if commands_follow else []
    words += ["--record", record or target.files.switch_values.content]
    words += [folder, virtualenv]
    stdin = program or target.files.program.content
    socket = None if program else socket_of(target)
    of_socket = [str(socket), "\n".join(why_no_socket(target, socket))] if socket else ["", ""]
    layout = target.layout
    words = [target.files.link.path, str(layout.library), layout.user, *of_socket, *words]
    return telling(as_root(PUT_LIVE, *words, stdin=stdin))


def others_unchanged(layout: Layout, digest: str) -> StringCommand:
    """Fail when other projects of the host ask for something else now than they did.

    Args:
        layout: that of this project.
        digest: of what was written down of them.
    """
    return as_root(OTHERS_UNCHANGED, layout.user, digest)


def after_switch(layout: Layout, folder: str, wanted: Iterable[str]) -> StringCommand:
    """Run the project's own commands in the release that is live; none undoes that."""
    words = (str(layout.releases / folder), "\n".join(wanted))
    return telling(as_user(layout, AFTER_SWITCH, *words))


def way_back(target: Target, live: str, earlier: str) -> list[str]:
    """What is to be known to tell whether there is a way from one release back to another."""
    settings = target.settings
    return [
        *(str(target.layout.releases / name) for name in (live, earlier)),
        inside.code(*OF_DATA, "reach", "static", "media", "earlier"),
        inside.code(*OF_DATA, "reach", "left_behind"),
        *(settings.static_url, settings.media_root, settings.media_url),
        " ".join(target.names),
        " ".join(settings.env),
        "" if settings.migrate == "off" else "yes",
    ]


def check_way_back(target: Target, live: str, earlier: str) -> StringCommand:
    """Fail when there is none."""
    return as_user(target.layout, CHECK_WAY_BACK, *way_back(target, live, earlier))


def remove(
    layout: Layout, paths: Iterable[str], seconds: int = RELEASE_SECONDS
) -> Iterator[StringCommand]:
    """Remove old releases and virtualenvs.

    Args:
        seconds: how long it is waited for; what takes longer is removed by and by.
    """
    old = [PurePosixPath(path) for path in paths]
    for parent in (layout.releases, layout.virtualenvs):
        if names := [f"./{path.name}" for path in old if path.parent == parent]:
            yield removed_from_home(layout, parent.name, names, seconds)


def removed_from_home(
    layout: Layout, parent: str, names: Iterable[str], seconds: int
) -> StringCommand:
    """Remove what is in a folder of the home, or in the home itself where that has no name.

    Args:
        layout: where things are.
        parent: the folder's name.
        names: what is in it, each with ./; there may be more than a command line holds.
        seconds: how long it is waited for; what takes longer is removed by and by.
    """
    words = (str(layout.home), str(layout.home_gone), str(seconds), parent)
    return telling(as_root(REMOVE, *words, stdin=[*names]))


def open_media(layout: Layout, media: str) -> StringCommand:
    """Let Nginx read the uploads, and nothing else that is shared."""
    return as_user(layout, OPEN_MEDIA, str(layout.shared), media)


def log_attempt(layout: Layout, line: str, seconds: int) -> StringCommand:
    """Tell in the release log of a step that has failed.

    Args:
        layout: where things are.
        line: JSON, but for what begins it: the brace and the time.
        seconds: how long ago the step began.
    """
    return as_root(LOG_ATTEMPT, str(layout.release_log), str(seconds), stdin=f"{line}\n")
