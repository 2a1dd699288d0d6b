"""The dumps of the database that releases have kept."""

from pathlib import PurePosixPath as Path

from pyinfra import host
from pyinfra.api.exceptions import DeployError

from stack.inventory.hosts import hosts_of_run
from stack.project.target import Target
from stack.state import migrator
from stack.state.reading import observe

_kept: dict[str, list[Path]] = {}
"""By the names of hosts: the dumps of which one was chosen."""


def restores(target: Target) -> bool:
    """Whether the current host is the one that puts a dump back, as it migrates.

    Raises:
        DeployError: no host of the run is.
    """
    if target.settings.migrate == "off":
        raise DeployError('migrate = "off": no dump was made before migrations, so there is none.')
    if away := migrator.absent(target):
        raise DeployError(f"{away} migrates for all hosts, so it has the dumps: run it for {away}.")
    if not hosts_of_run():
        raise DeployError("App hosts have the dumps, and none is in this run: run it for one.")
    return migrator.migrates(target)


def dump_to_restore(target: Target, folder: str, name: str) -> Path:
    """The dump that the current host is to put back.

    Args:
        folder: the release before whose migrations it was made, as ~/releases has it.
        name: of the file; empty for the newest of that release.

    Raises:
        DeployError: there is none; says which there are.
    """
    parent = target.layout.releases
    dumps = _kept[host.name] = _dumps(target)
    found = [one for one in dumps if one.parent == parent / folder and name in ("", one.name)]
    if folder and found:
        return found[-1]
    there = ", ".join(str(one.relative_to(parent)) for one in dumps if parent in one.parents)
    wanted = "/".join(word for word in (folder, name) if word)
    what = f"has no dump of {wanted}" if folder else "needs --data release=ID"
    raise DeployError(f"{host.name} {what}; it keeps {there or 'none'}.")


def written_since(target: Target) -> str:
    """A dump of the current host's that was not there when one was chosen; empty without.

    The database has been migrated since, and nobody has said that this is to be undone too.
    """
    new = [one for one in _dumps(target) if one not in _kept[host.name]]
    return str(new[-1].relative_to(target.layout.releases)) if new else ""


def _dumps(target: Target) -> list[Path]:
    return sorted(Path(path) for path in observe(target).entries if path.endswith(".dump"))
