"""What a host goes on doing for a role that it does not play any more: pure functions of what was
read. Each is a clause about the host with what to do, or empty."""

from pathlib import PurePosixPath

from stack.database.leaving import has_data
from stack.database.observation import Server
from stack.host.observation import Observation, Unit
from stack.inventory.roles import APP, DB, LB
from stack.project.nginx_files import enabled
from stack.project.target import Target
from stack.state.neighbours import names_of, recorded


def still_served(seen: Observation, target: Target) -> str:
    """That it runs the site without being in app."""
    if APP in target.roles:
        return ""
    program = target.settings.program
    for process in seen.children("supervisor"):
        its = process.environment
        # Another project may have one of that name, and /home may be a symlink.
        folder = PurePosixPath(its.get("RELEASE_FOLDER", "/"))
        is_ours = folder.parent.parts[-2:] == target.layout.releases.parts[-2:]
        if is_ours and its.get("SUPERVISOR_PROCESS_NAME") == program:
            return (
                f"is not in app, and still runs {folder.name} as {program}: put it back in app, "
                "or, once no visitor is sent there, end it on the host by "
                f"`rm {target.files.program.path} && supervisorctl update {program}`"
            )
    return ""


def still_balanced(seen: Observation, target: Target) -> str:
    """That it balances visitors without being in lb; the site of an app host replaces that."""
    if target.roles & {APP, LB}:
        return ""
    its = recorded(seen, target.layout.user)
    link = enabled(its.site)
    is_balancer = f"upstream {its.name} {{" in seen.nginx_files.get(link, "")
    if not is_balancer or seen.units.get("nginx", Unit()).active != "active":
        return ""
    return (
        f"is not in lb, and still balances {' '.join(names_of(seen, its))}: put it back in lb, "
        "or, once no visitor is sent there, end it on the host by "
        f"`rm {link} && systemctl reload nginx`"
    )


def had_database(seen: Observation, target: Target) -> bool:
    """Whether it is not in db, and was: what it has of PostgreSQL is worth reading."""
    return DB not in target.roles and recorded(seen, target.layout.user).has_database


def still_stored(server: Server, target: Target) -> str:
    """That it has the database without being in db, on a host which had it."""
    if not has_data(server):
        return ""
    name = target.layout.user
    timer = f"{name}-dump.timer"
    is_dumped = server.units.get(timer, Unit()).active == "active"
    dumped = ", which is dumped every night" if is_dumped else ""
    return (
        f"is not in db, and still has the database {name}{dumped}: put it back in db, or, once "
        "nobody needs what is in it, drop it on the host by "
        f"`systemctl disable --now {timer} && runuser -u postgres -- dropdb {name} && "
        f"rm {target.layout.library}/database.json`"
    )
