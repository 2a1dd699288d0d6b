"""Checks that need the settings of several hosts."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from stack.inventory.roles import APP, DB, LB, ROLES, Roles, playing
from stack.settings.model import Settings
from stack.settings.network import canonical, is_address
from stack.settings.problem import Problem, shown
from stack.settings.secret import are_read
from stack.settings.server_names import claimed

SQLITE = ("sqlite", "spatialite")
ROLLOUT = ("waves", "gate_seconds", "on_failure", "notify")


def same_address(hosts: Mapping[str, Mapping[str, object]]) -> Iterator[Problem]:
    """Hosts that are one machine under several names; `hosts` has the data of each."""
    names = defaultdict(list)
    for host, data in hosts.items():
        name = str(data.get("ssh_hostname") or host).lower().removesuffix(".")
        name = canonical(name) if is_address(name) else name
        # Containers of one machine are hosts of their own.
        names[name, data.get("ssh_port") or 22, data.get("docker_identifier")].append(host)
    for (name, port, _), several in names.items():
        if len(several) > 1:
            text = f"ssh_hostname: {name} port {port} is one machine; expected it under one name"
            projects = dict.fromkeys(str(hosts[host].get("project", "")) for host in several)
            if len(projects) > 1:
                text += f", and an inventory of its own for each project: {', '.join(projects)}"
            yield Problem("ssh_hostname", text, tuple(several))


def lonely_databases(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """Hosts that would never be migrated: their SQLite database is not the one that is."""
    once = [host for host, its in settings.items() if its.migrate == "once"]
    own = tuple(host for host in once if _has_sqlite(settings[host]))
    if len(once) > 1 and own:
        text = (
            'migrate = "once": with SQLite (env["DATABASE_URL"]) every host has a database of its '
            'own; set migrate = "each"'
        )
        yield Problem("migrate", text, own)


def different_projects(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """App hosts of other projects: what a run has once would be taken from one for all."""
    first = next(iter(settings), "")
    for host, its in settings.items():
        if its.project != settings[first].project:
            text = (
                f"project = {shown(its.project)}: {first} has {shown(settings[first].project)}; "
                "expected an inventory of its own for each project"
            )
            yield Problem("project", text, (host,))


def different_rollouts(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """What says how the one rollout goes, and differs between its hosts."""
    for name in ROLLOUT:
        values = {host: getattr(its, name) for host, its in settings.items()}
        first = next(iter(values), "")
        if others := tuple(host for host in values if values[host] != values[first]):
            text = f"{name}: differs from {first}; expected one value for all hosts of a rollout"
            yield Problem(name, text, others)


def idle_hosts(roles: Roles) -> Iterator[Problem]:
    """Hosts that play no part, where others do; `roles` are those of each."""
    if idle := tuple(host for host in roles if not roles[host]):
        text = f"is in none of the groups {', '.join(ROLES[:-1])} or {ROLES[-1]}"
        yield Problem("inventory", text, idle)


def missing_addresses(settings: Mapping[str, Settings], roles: Roles) -> Iterator[Problem]:
    """Hosts that others have to reach or to know, and whose address is not said."""
    apps, servers, balancers = (playing(role, roles) for role in (APP, DB, LB))
    if not balancers and (not servers or apps == servers):
        return
    for host in dict.fromkeys([*servers, *balancers, *apps]):
        if not settings[host].address:
            text = (
                "address: is missing; expected the IP address by which it and the other hosts "
                "reach each other"
            )
            yield Problem("address", text, (host,))


def interpreters_in_homes(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """Hosts whose virtualenvs would be made by a program that the project's user can replace."""
    for host, its in settings.items():
        if its.python.startswith(f"/home/{its.project}/"):
            text = (
                f"python = {shown(its.python)}: lies in the home, where the project's user can "
                "replace it; expected one of the host's, such as python3 or /opt/python/bin/python3"
            )
            yield Problem("python", text, (host,))


def names_of_nobody(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """Hosts whose site would have no name that Nginx finds it by."""
    for host, its in settings.items():
        if not its.default_server and "_" in its.server_name:
            text = (
                'server_name = "_": stands for unknown names, which default_server = False leaves '
                "to others; expected a host name"
            )
            yield Problem("server_name", text, (host,))


def names_that_nginx_ignores(settings: Mapping[str, Settings]) -> Iterator[Problem]:
    """Names of which a part is said before: Nginx then takes none of the rest either."""
    for host, its in settings.items():
        for setting in ("server_name", "redirect_names"):
            before: frozenset[str] = frozenset()
            for name in getattr(its, setting):
                parts = claimed([name])
                if parts & before and (rest := parts - before):
                    text = (
                        f"{setting} = {shown(name)}: is {' and '.join(sorted(parts))}, and Nginx "
                        f"takes neither after {' and '.join(parts & before)}; expected "
                        f"{' and '.join(rest)} in its place"
                    )
                    yield Problem(setting, text, (host,))
                before |= parts


def _has_sqlite(settings: Settings) -> bool:
    url = settings.env.get("DATABASE_URL")
    return url is not None and are_read(url) and url.get_secret_value().startswith(SQLITE)
