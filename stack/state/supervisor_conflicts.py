"""What else a host's Supervisor has of our programs' names: a pure function of what was read."""

import re

from stack.host.observation import Observation
from stack.project.supervisor_files import CLOSED_SOCKET
from stack.project.target import Target
from stack.state.neighbours import names_in, neighbours, owner_of_program

# Whatever was read, nothing else is ever put aside.
SUPERVISORS_OWN = re.compile(r"/etc/supervisor/conf\.d/[^/]+")


def of_supervisor(seen: Observation, target: Target) -> list[str]:
    """Files of Supervisor's that declare one of our programs too, or supervisord itself.

    What another project of ours has is never put aside: it is refused.
    """
    user, others = target.layout.user, neighbours(seen, target.layout.user)
    own = {(file.path, name) for name, file in target.files.programs.items()}
    ours = (target.files.program.path, CLOSED_SOCKET.path)
    return list(
        dict.fromkeys(
            path
            for path, said in seen.supervisor_strays
            if SUPERVISORS_OWN.fullmatch(path)
            and path not in ours
            and not any((path, name) in own for name in names_in(said))
            and owner_of_program(path, user, others) in ("", user)
        )
    )


def said_in_supervisor(target: Target) -> str:
    """What says so: a program or a group under such a name, a group that takes such a program in,
    or a section of supervisord's own."""
    programs = (target.settings.program, *target.files.programs)
    names = "|".join(re.escape(name).replace("\\-", "-") for name in programs)
    kinds = "program|group|eventlistener|fcgi-program"
    return (
        rf"^\[(({kinds}):[[:space:]]*({names})[[:space:]]*|"
        r"unix_http_server|supervisord|supervisorctl|include)\]"
        rf"|^programs[[:space:]]*[=:](.*[[:space:],])?[[:space:]]*({names})[[:space:]]*(,.*)?$"
    )
