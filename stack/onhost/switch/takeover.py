"""The steps by which a release takes over."""

import os
from pathlib import Path

from . import app_server, supervisor, visitors
from .built import whole
from .health import silence_at
from .host import RECORD, Host
from .rivals import refuse_others
from .system import say, told, write
from .understudy import Understudy, clear_away

# Pages that visitors opened before the switch ask for the files of their time. Those that no kept
# release has made itself, by what it held when it was built, are left behind.
KEEP_STATIC = Path(__file__).with_name("keep_static.sh").read_text()
# Its own commands may be declared later only for as long as nothing has been live.
FORGET_FIRST_MIGRATION = 'rm -f "$HOME"/releases/*/.first-migration || :'
LINK = Path(__file__).with_name("link.sh").read_text()
# A host that loses its power is to know of it wherever it knows that the release is live.
OWE = ': > "$1/.after"; sync -f "$1"'
OWE_NO_MORE = 'rm -f "$1/.after" || :'


def put_live(
    host: Host,
    release: str,
    virtualenv: str,
    program: str,
    commands_follow: bool = False,
    record: str = "",
) -> None:
    """Take over, or leave everything as it was.

    Args:
        virtualenv: empty for the one that the release has.
        commands_follow: whether the release is to have `.after` once it is live: commands of the
            project's own are yet to run then.
        record: the text of switch.json that goes with it; empty for the one that is there.

    Raises:
        SwitchError: a step failed; what was served before is served.
        OSError: the same, for a reason of the system's.
    """
    supervisor.refuse_silence()
    refuse_others(host)
    folder = whole(host.home / "releases", release)
    link = folder / "virtualenv"
    virtualenv = virtualenv or os.path.basename(os.readlink(link))
    _link(host, f"../../.virtualenvs/{whole(host.home / '.virtualenvs', virtualenv).name}", link)
    understudy = Understudy(host, folder)

    def meanwhile() -> None:
        supervisor.refuse_broken_files(host, program)
        host.sh(KEEP_STATIC, str(host.live), str(folder))

    try:
        understudy.start(meanwhile)
        _take_over(host, understudy, program, commands_follow, record)
        host.sh(FORGET_FIRST_MIGRATION)
    finally:
        if not visitors.with_understudy(host):
            clear_away(host)


def _take_over(
    host: Host, understudy: Understudy, program: str, commands_follow: bool, record: str
) -> None:
    folder = understudy.folder
    before, release = _Before(host, folder), folder.name
    try:
        if commands_follow:
            host.sh(OWE, str(folder))
        _point_to(host, release)
        too_slow: set[int] = set()
        if before.visitors:
            too_slow = visitors.send_to_understudy(host, understudy.bind)
            understudy.stop_others()
        if record:
            write(RECORD, record)
        write(host.program_file, program)
        app_server.restart(host, release, host.bind)
        if before.visitors:
            visitors.send_to_app_server(host, host.bind, too_slow)
    except Exception:
        # Whatever it is: visitors are half way.
        before.restore()
        raise


class _Before:
    """What was live, so that it can be again."""

    def __init__(self, host: Host, folder: Path) -> None:
        self.host = host
        self.folder = folder
        """That of the release which takes its place."""
        self.owes = os.path.lexists(folder / ".after")
        self.release = host.release()
        self.program = host.program_file.read_text() if host.program_file.is_file() else ""
        self.record = RECORD.read_text() if RECORD.is_file() else ""
        self.visitors = visitors.has_visitors(host)
        self.bind = visitors.bind_now(host) if self.visitors else host.bind

    def restore(self) -> None:
        """Run the release before again, if there was one, and send the visitors there.

        Should it not come back, the understudy keeps them. No command follows a switch that was
        taken back, but for one that was to run before.
        """
        host = self.host
        if not self.release or not self.program:
            return
        try:
            _point_to(host, self.release)
            if self.record and RECORD.read_text() != self.record:
                write(RECORD, self.record)
            if host.program_file.read_text() != self.program:
                write(host.program_file, self.program)
            # It may have the visitors still.
            if not app_server.runs(host, self.release) or silence_at(host, self.bind):
                # What is declared now may name a health page that it does not have.
                app_server.restart(host, self.release, self.bind, silence_at)
            if self.visitors and visitors.are_not_at(host, self.bind):
                visitors.send_to_app_server(host, self.bind)
        except Exception as error:
            say(f"The previous release does not come back: {told(error)}")
            return
        if not self.owes:
            host.sh(OWE_NO_MORE, str(self.folder))


def _point_to(host: Host, release: str) -> None:
    """One rename puts code, virtualenv, environment and static files live together."""
    _link(host, f"../{host.user}/virtualenv", host.home / ".virtualenvs" / host.user)
    _link(host, f"releases/{release}", host.live)


def _link(host: Host, target: str, link: Path) -> None:
    if not (link.is_symlink() and os.readlink(link) == target):
        host.sh(LINK, target, str(link))
