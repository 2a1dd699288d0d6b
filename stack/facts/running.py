"""From records to what runs on a host: systemd's units, and processes."""

from collections.abc import Iterable

from stack.host.observation import Process, Unit

TICKS = 100
"""In a second, in /proc: the kernel's promise to programs, whatever its own clock does."""
RUNS = {"reloading": "active"}
"""A service that is being reloaded runs as before."""


def units_of(lines: Iterable[str]) -> dict[str, Unit]:
    """Units by name, from `systemctl show`: KEY=VALUE lines, with an empty line between units."""
    blocks: list[dict[str, str]] = [{}]
    for line in lines:
        key, separator, value = line.partition("=")
        if separator:
            blocks[-1][key] = value
        else:
            blocks.append({})
    return {
        block["Id"].removesuffix(".service"): Unit(
            loaded=block.get("LoadState", ""),
            active=RUNS.get(state := block.get("ActiveState", ""), state),
            enabled=block.get("UnitFileState", ""),
            pid=_number(block.get("MainPID", "")),
            changed=_number(block.get("StateChangeTimestampMonotonic", "")) / 1e6,
            is_stale=block.get("NeedDaemonReload") == "yes",
            drop_ins=tuple(block.get("DropInPaths", "").split()),
            result=block.get("Result", ""),
        )
        for block in blocks
        if "Id" in block
    }


def _number(text: str) -> int:
    """Zero for what is not a number, such as a time that systemd has none of."""
    try:
        return int(text)
    except ValueError:
        return 0


def processes_of(
    rows: list[list[str]], variables: list[list[str]], children: dict[str, int]
) -> tuple[Process, ...]:
    """Processes, from records of them, of their environments, and of how many children each has."""
    environments: dict[str, dict[str, str]] = {}
    for row in variables:
        environments.setdefault(row[0], {}).setdefault(row[1], row[2])
    return tuple(
        Process(
            pid=int(row[0]),
            parent=int(row[1]),
            owner=row[2],
            started=float(row[3]) / TICKS,
            command=tuple(word for word in row[4].split("\t") if word),
            environment=environments.get(row[0], {}),
            children=children.get(row[0], 0),
        )
        for row in rows
    )
