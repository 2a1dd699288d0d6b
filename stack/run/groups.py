"""What the groups of an inventory hold that pyinfra would take for something else."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import starmap
from pathlib import Path

from pyinfra import logger
from pyinfra.api.inventory import Inventory

from stack.inventory.roles import ROLES

PLACE = ("ssh_hostname", "ssh_port")
"""Of a host's data, what says which server it is."""

GROUPS = (*ROLES, "all")
"""Names that are surely a group's."""
NEAR = 0.85
"""How much of its name a misspelt group has in common with the one that is meant, of 1."""
EXPECTED = 'expected a list of hosts, each "ADDRESS" or ("ADDRESS", {"ssh_user": "root"})'

Data = Mapping[str, object]


def why_no_groups(file: str, defined: Mapping[str, object]) -> str:
    """What is wrong with the groups of an inventory; of other files, nothing."""
    if Path(file).parent.name == "group_data":
        return ""
    named = {name: value for name, value in defined.items() if not name.startswith("_")}
    problems = [*filter(None, starmap(_no_group, named.items()))]
    if not problems and (twice := _twice(named)):
        problems = [twice]
    return "\n".join(f"{file}: {problem}. Nothing was changed." for problem in problems)


def tell_misspelt(inventory: Inventory) -> None:
    """Tell of data that are for no group of an inventory, but nearly for one.

    Inventories in one folder share its data: so what is for another group of theirs is as it
    should be.
    """
    groups = [name for name, hosts in inventory.groups.items() if hosts]
    for name, data in inventory.group_data.items():
        near = get_close_matches(name, groups, n=1, cutoff=NEAR)
        if data and name not in groups and near:
            logger.warning(
                f"group_data/{name}.py: no host is in a group of that name; "
                f"did you mean group_data/{near[0]}.py?"
            )


def _no_group(name: str, value: object) -> str:
    """What is wrong with a group, which pyinfra would read otherwise, leave out, or fail over."""
    expected = EXPECTED if name in GROUPS else f"{EXPECTED}; a name that begins with _ is no group"
    match value:
        case list(hosts) | tuple((list(hosts) | tuple(hosts), dict())):
            wrong = [one for one in hosts if not _is_host(one)]
            # Of a list of something else, pyinfra says that it is none of hosts, and goes on.
            if wrong and (name in GROUPS or any(map(_is_like_a_host, hosts))):
                return f"{name} has {_shown(wrong[0])}: {expected}"
        case tuple((str(host), *_)):
            # pyinfra would take each character for a host.
            return f'{name} = ("{host}", …): expected a list of hosts: {name} = [("{host}", …)]'
        case tuple((list(),)):
            return f"{name} = […],: expected a list of hosts; leave the comma at its end out"
        case str(host) if name in GROUPS:
            return f'{name} = "{host}": expected a list of hosts: {name} = ["{host}"]'
        case tuple():
            return f"{name} = {_shown(value)}: {expected}"
        case dict() | set() if name in GROUPS:
            return f"{name} = {{…}}: {expected}"
    return ""


def _is_host(one: object) -> bool:
    match one:
        case str(host) | tuple((str(host), dict())):
            return host != ""
    return False


def _is_like_a_host(one: object) -> bool:
    match one:
        case str() | (str(), *_):
            return True
    return False


def _shown(one: object) -> str:
    """A value without the data of hosts, which may hold passwords."""
    match one:
        case str() | int() | None:
            return f'"{one}"' if isinstance(one, str) else str(one)
        case tuple((str() | int() as host, *others)) | list((str() | int() as host, *others)):
            text = f"{_shown(host)}, …" if others else f"{_shown(host)},"
        case _:
            text = "…" if one else ""
    brackets = "()" if isinstance(one, tuple) else "[]" if isinstance(one, list) else "{}"
    return text.join(brackets)


def _twice(defined: Mapping[str, object]) -> str:
    """Of two servers with one name, pyinfra would make one host, and leave the other server out.

    A host is in several groups as a rule, with data in some of them.
    """
    found: dict[str, tuple[str, Data]] = {}
    for group, host, data in _hosts(defined):
        before, its = found.setdefault(host, (group, data))
        names = its if group == before else PLACE
        both = [one for one in names if one in its and one in data]
        # A port may be written as a number, and as text.
        differing = [one for one in both if str(its[one]) != str(data[one])]
        if differing:
            where = f"twice in {group}" if group == before else f"in {before} and in {group}"
            return (
                f'"{host}" stands {where}, with another {differing[0]}: pyinfra would take both '
                "for one server, and leave one out; expected a name of its own for each"
            )
    return ""


def _hosts(defined: Mapping[str, object]) -> Iterator[tuple[str, str, Data]]:
    """Each group's name with each of its hosts and their own data, as they are written."""
    for group, value in defined.items():
        hosts = value[0] if isinstance(value, tuple) and value else value
        if group.startswith("_") or not isinstance(hosts, list):
            continue
        for one in hosts:
            match one:
                case str(host):
                    yield group, host, {}
                case (str(host), dict(data)):
                    yield group, host, data
