"""From the inventory to what each host is to run."""

from collections.abc import Mapping, Sequence
from functools import cache

from gevent.lock import RLock
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from pyinfra import config, host, inventory
from pyinfra.api.exceptions import DeployError

from stack.files import Declared
from stack.host import strays
from stack.host.observation import Observation
from stack.inventory.hosts import plays, roles_of_hosts
from stack.inventory.roles import APP
from stack.project import Project
from stack.release import Release, release_of
from stack.requirements import RequirementsError
from stack.settings import Settings, SettingsError, load_all
from stack.settings.database import Database, database_of
from stack.settings.front import Front, front_of
from stack.source import SourceError
from stack.survey import observe

_one_at_a_time = RLock()


def release_for_host(besides: tuple[str, ...] = ()) -> Release:
    """What the current host is to run; the settings of all hosts are checked first.

    Args:
        besides: names of `--data` that are no settings but the entry file's own.

    Raises:
        DeployError: something is wrong with the settings of any host, or with this host; with a
            line for each problem. Nothing was changed.
    """
    try:
        with _one_at_a_time:  # hosts are planned at the same time, and git runs as a process
            release = _release(host.name, besides)
    except (SettingsError, SourceError, RequirementsError) as error:
        raise DeployError(str(error)) from None
    try:
        seen, settings = observe(release), release.project.settings
        problem = unfit(seen, settings)
        if plays(APP):
            wanted = release.requirements.requires_python
            problem = problem or lacks_python(seen, settings) or too_old(seen, settings, wanted)
    except EOFError:  # of pyinfra's own question, asked where there is no terminal
        problem = unasked(bool(host.data.get("_sudo_password") or config.SUDO_PASSWORD))
    if problem:
        raise DeployError(f"{host.name}: {problem}")
    return release


def site_fits(release: Release, files: Sequence[Declared]) -> None:
    """Have no site planned for the current host that takes something else down there.

    Args:
        release: what the host is to run.
        files: what is declared of Nginx.

    Raises:
        DeployError: it would; says what, and what to do. Nothing was changed.
    """
    if problem := strays.hindrance(observe(release), files):
        raise DeployError(f"{host.name}: {problem} Nothing was changed.")


@cache
def _settings(besides: tuple[str, ...]) -> Mapping[str, Settings]:
    return load_all(
        {
            one.name: {name: v for name, v in one.data.dict().items() if name not in besides}
            for one in inventory
        },
        {one.name: one.groups for one in inventory},
    )


@cache
def _shared(besides: tuple[str, ...]) -> tuple[Database | None, Front | None]:
    settings, roles = _settings(besides), roles_of_hosts()
    return database_of(settings, roles), front_of(settings, roles)


@cache
def _release(name: str, besides: tuple[str, ...]) -> Release:
    database, front = _shared(besides)
    return release_of(Project(_settings(besides)[name], database, front))


def unasked(given: bool) -> str:
    """Why sudo has no password, where pyinfra could not ask for one.

    Args:
        given: whether the settings have it.
    """
    if given:
        return (
            "sudo does not get the _sudo_password that is set: what hands it over has to run as a "
            "program, and /tmp, the home, /var/tmp and /dev/shm are all mounted noexec; set "
            "_temp_dir to a folder that is not. Nothing was changed."
        )
    return (
        "sudo asks for a password, and there is no terminal to ask you at; set _sudo_password. "
        "Nothing was changed."
    )


def unfit(seen: Observation, settings: Settings) -> str:
    """Why a host cannot be deployed to; an empty string when it can.

    Args:
        settings: the host's own.
    """
    if not seen.family & {"debian", "ubuntu"}:
        system = seen.system or "something unknown"
        return f"runs {system}; this deploys to Debian and Ubuntu. Nothing was changed."
    if seen.uid != 0:
        return (
            "is reached as a user who is not root; set _sudo = True for it in the inventory or in "
            "group_data, or run pyinfra with --sudo. Nothing was changed."
        )
    if not seen.is_whole:
        return (
            f"/home/{settings.project} could not be read to its end, as {settings.project}: it is "
            "closed to him, or holds too much. Nothing was changed."
        )
    return ""


def lacks_python(seen: Observation, settings: Settings) -> str:
    """What is wrong with the interpreter that virtualenvs are made with.

    One that a package is yet to bring may be missing.
    """
    if seen.python or settings.python == "python3" or set(settings.extra_packages) - seen.packages:
        return ""
    there = ", ".join(seen.interpreters) or "no Python"
    return (
        f'python = "{settings.python}": is not there, or does not run; the host has {there}. Set '
        "python to what it has, or extra_packages to what brings it. Nothing was changed."
    )


def too_old(seen: Observation, settings: Settings, wanted: str) -> str:
    """Why the interpreter is none that the project runs on; empty when it is, or is not known.

    Args:
        wanted: the project's requires-python; empty when it has none.
    """
    try:
        if not (wanted and seen.python) or SpecifierSet(wanted).contains(f"{seen.python}.99"):
            return ""
    except InvalidSpecifier:
        return ""
    there = ", ".join(seen.interpreters) or "no other"
    return (
        f'python = "{settings.python}": is Python {seen.python} there, and pyproject.toml has '
        f'requires-python = "{wanted}". The host has {there}: set python to one that does. '
        "Nothing was changed."
    )
