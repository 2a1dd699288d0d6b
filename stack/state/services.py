"""Whether what runs is what is on disk: pure functions of what was read from a host."""

from collections.abc import Sequence

from stack.host.files import Declared
from stack.host.observation import Observation, Process, Unit
from stack.project.nginx_files import UNIT_OF_NGINX
from stack.project.supervisor_files import CLOSED_SOCKET, FORMER_GUARD
from stack.project.target import Target
from stack.state import conflicts

SOCKET = "/run/supervisor.sock"


def supervisor_is_loaded(seen: Observation, target: Target) -> bool:
    """Whether supervisord read its file after the file's last change.

    It makes its socket anew each time it reads the file. A file that is not as declared will be
    changed, and so is one to be loaded. The switch asks the host itself
    (stack/onhost/switch/app_server.py), where the files have been changed by then.
    """
    socket = seen.entries.get(SOCKET)
    if not seen.units.get("supervisor", Unit()).runs or socket is None:
        return False
    for file in target.files.supervisor:
        entry = seen.entries.get(file.path)
        if entry is None or not file.is_in_place(entry):
            return False
        if seen.changed_since(entry, socket.modified):
            return False
    return True


def supervisor_trouble(seen: Observation, answers: bool | None = None) -> str:
    """Why supervisord does nothing that it is asked, and what to do; empty when it may.

    Args:
        answers: whether it did just then; None when it was not asked.
    """
    unit = seen.units.get("supervisor", Unit())
    if unit.active != "active":
        return "supervisord does not run"
    who = f"supervisord (process {unit.pid})"
    if seen.supervisor_is_stopped:
        return (
            f"{who} is stopped by a signal, and answers nobody: kill -CONT {unit.pid} has it go "
            "on, and what it runs stays as it is"
        )
    if answers is False:
        return (
            f"{who} does not answer at {SOCKET}: systemctl restart supervisor starts it anew, and "
            "with it all programs of this host"
        )
    return ""


CONFIGURATION = "/etc/"
"""Below which all is that Nginx and its unit are started with. A page it opens when it is asked."""
CLOCK_TICK = 0.02
"""Process times are told in hundredths of a second."""


def nginx_is_loaded(
    seen: Observation,
    files: Sequence[Declared],
    reloads: bool = False,
    rereads: bool = False,
    besides: Sequence[str] = (),
) -> bool:
    """Whether what Nginx runs with was read after the last change below /etc/nginx.

    A worker is younger than the configuration it runs with, so the eldest one that is not on its
    way out tells; systemd tells too, since a worker that was killed comes back young.

    Args:
        files: what is declared of Nginx, and of its unit.
        reloads: a release takes over earlier in the plan, which reloads Nginx with all that is
            in order by then: so `files` are those of the site alone.
        rereads: systemd reads its files earlier in the plan.
        besides: paths of what Nginx has read elsewhere.
    """
    unit = seen.units.get("nginx", Unit())
    if not unit.runs or not workers_of_nginx(seen) or seen.nginx_pid != str(unit.pid):
        return False
    if not reloads and conflicts.of_nginx(seen, files):
        return False  # to be put aside, which changes what there is to load
    read = [file for file in files if file.path.startswith(CONFIGURATION)]
    if not all(f.is_in_place(seen.entries.get(f.path)) for f in read):
        return False
    # systemd does not notice a folder of drop-ins that is new.
    drop_ins = {file.path for file in files if file.path.startswith(UNIT_OF_NGINX)}
    if not rereads and (unit.is_stale or not drop_ins <= set(unit.drop_ins)):
        return False
    if reloads:
        return True
    changed = [entry.changed for path in besides if (entry := seen.entries.get(path))]
    return has_read(seen, max([seen.nginx_changed, *changed]))


def still_configured(seen: Observation, paths: Sequence[str]) -> bool:
    """Whether one of these is there, where Nginx and its unit are configured."""
    return any(path.startswith(CONFIGURATION) and path in seen.entries for path in paths)


def has_read(seen: Observation, changed: float) -> bool:
    """Whether what Nginx runs with was read after a change, in seconds since the host booted."""
    started = [process.started for process in workers_of_nginx(seen)]
    loaded = seen.units.get("nginx", Unit()).changed
    return bool(started) and changed <= min(*started, loaded) + CLOCK_TICK


def workers_of_nginx(seen: Observation) -> list[Process]:
    """Those that take visitors: without what is on its way out."""
    return [
        process
        for process in seen.children("nginx")
        if process.command and process.command[0].rstrip() == "nginx: worker process"
    ]


OPEN = ("770", "nobody", "nogroup")
"""The article's mode and owners of supervisord's socket: the project's user may talk to it."""
CLOSED = ("700", "root", "root")
"""Those where several projects share the host: who talks to it can stop everybody's programs."""


def socket_is(seen: Observation, wanted: tuple[str, str, str]) -> bool:
    """Whether supervisord's socket has that mode, owner and group.

    Without a socket there is nothing to mend: what supervisord makes is as it has to be.
    """
    socket = seen.entries.get(SOCKET)
    return socket is None or (socket.mode, socket.owner, socket.group) == wanted


def outlasts(seen: Observation, target: Target) -> bool:
    """Whether systemd has read what has it stop no unit because of one process."""
    for name, file in target.files.outlasting.items():
        unit = seen.units.get(name, Unit())
        if not file.is_in_place(seen.entries.get(file.path)):
            return False
        # One that is masked, or whose package is gone, systemd reads when it is there again; of one
        # that is masked it says at any time that the files have changed.
        is_read = file.path in unit.drop_ins and not unit.is_stale
        if unit.loaded == "loaded" and not is_read:
            return False
    return True


def is_made_closed(seen: Observation) -> bool:
    """Whether supervisord's socket will be root's also when it is made anew."""
    in_place = CLOSED_SOCKET.is_in_place(seen.entries.get(CLOSED_SOCKET.path))
    return in_place and FORMER_GUARD not in seen.entries


def is_made_open(seen: Observation) -> bool:
    """Whether nothing on disk has supervisord make its socket root's."""
    return not {CLOSED_SOCKET.path, FORMER_GUARD} & seen.entries.keys()
