"""Whether a project is on a host, or was: pure functions of what was read."""

from collections.abc import Iterable

from stack.host.observation import Observation
from stack.project.leaving import ORIGINALS
from stack.project.target import Target
from stack.state.account_before import account_before
from stack.state.neighbours import neighbours, recorded


def is_alone(seen: Observation, target: Target) -> bool:
    """Whether no other project is on the host, so that what projects share goes too."""
    return not neighbours(seen, target.layout.user)


def has_replaced_nothing(seen: Observation) -> bool:
    """Whether no project is on the host or was, whose files would be taken for Debian's."""
    has_a_site = any(one.site or one.program for one in seen.projects)
    return not has_a_site and ORIGINALS not in seen.entries


def is_here(seen: Observation, target: Target) -> bool:
    """Whether root still has it written down that the project is on the host."""
    return str(target.layout.library) in seen.entries


def was_here(seen: Observation, target: Target) -> bool:
    """Whether a deployment is known to have been here: by what it has written, or has left.

    The name alone says nothing: it may be that of a person, or of a folder of the system's.
    """
    return (
        is_here(seen, target)
        or has_left_data(seen, target)
        or account_before(seen, target) is not None
    )


def was_live(seen: Observation, target: Target) -> bool:
    """Whether a deployment has come beyond the making of the project's user."""
    return bool(recorded(seen, target.layout.user).program) or has_left_data(seen, target)


def has_left_data(seen: Observation, target: Target) -> bool:
    """Whether there are logs or dumps of the project's, which outlive it."""
    layout = target.layout
    logs = seen.entries.get(str(layout.logs))
    has_logs = logs is not None and (logs.kind, logs.owner) == ("directory", "root")
    is_its_group = logs is not None and (logs.group, logs.mode) == (layout.log_group, "750")
    is_release_log = str(layout.release_log) in seen.entries
    dumps = seen.entries.get(str(layout.backups))
    are_dumps = dumps is not None and (dumps.kind, dumps.mode, dumps.owner) == (
        *("directory", "700"),
        "root",
    )
    return (has_logs and (is_its_group or is_release_log)) or are_dumps


def there(seen: Observation, paths: Iterable[str]) -> tuple[str, ...]:
    """Those of some paths that the host has."""
    return tuple(path for path in paths if path in seen.entries)
