"""What the groups of an inventory hold that pyinfra would take for something else."""

from collections.abc import Iterator, Mapping
from pathlib import Path

PLACE = ("ssh_hostname", "ssh_port")
"""Of a host's data, what says which server it is."""

Data = Mapping[str, object]


def why_no_groups(file: str, defined: Mapping[str, object]) -> str:
    """What is wrong with the groups of an inventory; of other files, nothing."""
    if Path(file).parent.name == "group_data":
        return ""
    problem = _no_list(defined) or _twice(defined)
    return problem and f"{file}: {problem}. Nothing was changed."


def _no_list(defined: Mapping[str, object]) -> str:
    """Of a host without the brackets of a list, pyinfra would take each character for one."""
    for name, value in defined.items():
        if isinstance(value, tuple) and value and isinstance(value[0], str):
            host = value[0]
            expected = f'expected a list of hosts: {name} = [("{host}", …)]'
            return f'{name} = ("{host}", …): {expected}'
    return ""


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
