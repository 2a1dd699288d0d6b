"""The firewall: pure functions of what was read."""

import re
from ipaddress import ip_network

from stack.host.files import File, out_of_place
from stack.host.observation import Observation, Unit
from stack.host.recorded import Project
from stack.inventory.roles import APP, DB, LB
from stack.project import firewall
from stack.project.target import Target
from stack.state.neighbours import neighbours

AS_FILED = "as filed"
"""What is read of the live rules when they are those of the files."""


def is_wanted(seen: Observation, target: Target) -> bool:
    """Whether there is to be a firewall: with another's, all projects have their rules in it."""
    theirs = firewall.TABLE_FILE in seen.entries and _is_anothers(seen, target)
    return target.settings.firewall or theirs


def _is_anothers(seen: Observation, target: Target) -> bool:
    return any(one.firewall for one in neighbours(seen, target.layout.user))


def not_needed(seen: Observation, target: Target) -> list[str]:
    """The project's rules of before for whom nobody is expected any more."""
    text = seen.texts.get(firewall.path_of(target.layout.user), "")
    now = firewall.rules(target)
    return [one for one in text.splitlines() if firewall.is_rule(one) and one not in now]


def sent_by(target: Target) -> str:
    """The role of the hosts that say who comes to this one; empty where none does."""
    if target.leaves or LB in target.roles:
        return ""
    if DB in target.roles and target.database:
        return LB if target.front else APP
    return LB if target.front else ""


def files(seen: Observation, target: Target, still_open: bool) -> list[File]:
    """The files of a host with a firewall, but for `stand_ins`.

    Args:
        seen: what was read.
        target: what the host is to be.
        still_open: with the rules that are `not_needed`.
    """
    user = target.layout.user
    is_gone = target.leaves and firewall.path_of(user) not in seen.entries
    rules = firewall.rules(target) + (not_needed(seen, target) if still_open else [])
    return [
        *([firewall.of_project(user, rules)] if not is_gone else []),
        firewall.table(seen.ssh_ports),
        firewall.UNIT_FILE,
    ]


def stand_ins(seen: Observation, target: Target) -> list[tuple[File, str]]:
    """The files of projects that have not said yet who comes to them: their visitors do.

    With each, the SHA-256 of what was seen in its place; empty for nothing. Another file than that
    is the project's own by now.
    """
    found = []
    for one in silent(seen, target):
        file = _stand_in(one, with_tls=one.has_tls)
        before = seen.entries.get(file.path)
        found.append((file, before.sha256 if before else ""))
    return found


def silent(seen: Observation, target: Target) -> list[Project]:
    """The other projects of the host that have no rules there but what stood in for less.

    One that leaves has no say in it: the others may be leaving too.
    """
    others = [] if target.leaves else neighbours(seen, target.layout.user)
    return [one for one in others if _is_silent(seen, one)]


def _is_silent(seen: Observation, one: Project) -> bool:
    entry = seen.entries.get(firewall.path_of(one.name))
    # Somebody's run has met the project while its own was still making its site.
    before = (firewall.of_project(one.name, []), _stand_in(one, with_tls=False))
    today = _stand_in(one, with_tls=one.has_tls)
    was_less = not today.is_in_place(entry) and any(file.is_in_place(entry) for file in before)
    return entry is None or was_less


def _stand_in(one: Project, with_tls: bool) -> File:
    return firewall.of_project(one.name, firewall.rules_of_site(with_tls) if one.site else [])


def is_on(seen: Observation, target: Target) -> bool:
    """Whether the live rules are those of the files, and these are as declared, also at boot."""
    unit = seen.units.get(firewall.UNIT, Unit())
    # The unit is looked at by those who ask for it.
    is_kept = (unit.runs and not unit.is_stale) or not target.settings.firewall
    in_place = not out_of_place(files(seen, target, still_open=True), seen.entries)
    has_all = in_place and not stand_ins(seen, target)
    return is_kept and has_all and seen.firewall == AS_FILED


def is_as_asked(seen: Observation, target: Target) -> bool:
    """Whether there is one that is as declared, or none where no project asks for it."""
    return is_on(seen, target) if is_wanted(seen, target) else not superfluous(seen, target)


def trouble(seen: Observation, target: Target) -> str:
    """What is wrong with the firewall that a host is to have, for a person; empty when nothing."""
    if not is_wanted(seen, target) or is_on(seen, target):
        return ""
    if not seen.firewall:
        return "is not there: everybody is let in"
    if seen.firewall != AS_FILED:
        return "its live rules are not those of its files"
    return "is there, and not as declared"


def shut_out(seen: Observation, target: Target) -> list[int]:
    """The ports that something listens at, where nobody will be let in any more."""
    if seen.firewall:
        return []
    let_in = set(seen.ssh_ports)
    theirs = [file for file, _ in stand_ins(seen, target)]
    for file in [*theirs, *files(seen, target, still_open=True)]:
        let_in |= {int(port) for port in re.findall(r" tcp dport (\d+) accept", file.content)}
    return sorted(seen.listening - let_in)


def shut_by_ufw(seen: Observation, target: Target) -> str:
    """Who is expected and not let in by a person's own firewall, for him; empty when nobody is."""
    commands = []
    for rule in firewall.rules(target) if seen.ufw is not None else ():
        source, port = re.search(r"saddr (\S+)", rule), re.search(r"dport (\d+)", rule)
        whose = source[1] if source else "0.0.0.0/0"
        if port and not any(_lets_in(one, whose, int(port[1])) for one in seen.ufw or ()):
            to = f" from {whose} to any port {port[1]} proto tcp" if source else f" {port[1]}/tcp"
            commands.append(f"ufw allow{to}")
    return f"keeps out who is expected; run {'; '.join(commands)}" if commands else ""


def _lets_in(rule: tuple[str, str], whose: str, port: int) -> bool:
    """Whether a rule of ufw's, its ports being such as 80,443 or 8000:8100, lets in an address."""
    ports, source = rule
    spans = (part.partition(":") for part in ports.replace("any", "0:65535").split(","))
    try:
        is_open = any(int(first) <= port <= int(last or first) for first, _, last in spans)
        wanted, network = ip_network(whose), ip_network(source, strict=False)
    except ValueError:
        return False
    # Of its range the first address stands for all, where the other one is no narrower.
    is_no_narrower = wanted.prefixlen >= network.prefixlen and wanted.version == network.version
    return is_open and is_no_narrower and wanted[0] in network


def superfluous(seen: Observation, target: Target) -> list[str]:
    """What there is of it on a host of which no project asks for it."""
    is_asked_for = target.settings.firewall or _is_anothers(seen, target)
    return [] if is_asked_for else left(seen, target)


def left(seen: Observation, target: Target) -> list[str]:
    """What there is of it, whoever asks for it."""
    names = [target.layout.user, *(one.name for one in neighbours(seen, target.layout.user))]
    ours = [firewall.TABLE_FILE, firewall.UNIT_FILE.path, *map(firewall.path_of, names)]
    return [path for path in ours if path in seen.entries]


def refusal(seen: Observation, target: Target) -> str:
    """Why no firewall can be made; an empty string when it can."""
    for one in silent(seen, target) if target.settings.firewall else ():
        if one.has_database:
            return (
                f"firewall = True: PostgreSQL on this host is {one.name}'s, and only its settings "
                f"say who may connect to it; set firewall = True for {one.name} first."
            )
    return ""
