"""Whether a host can be deployed to: pure functions of what was read."""

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from stack.host.observation import Observation
from stack.host.systems import SYSTEMS
from stack.settings import Settings


def unasked(given: bool) -> str:
    """Why sudo has no password, where pyinfra could not ask for one.

    Args:
        given: whether the settings have it.
    """
    if given:
        return (
            "_sudo_password cannot be handed to sudo: the program that does it needs a folder to "
            "run from, and /tmp, the home, /var/tmp and /dev/shm are all mounted noexec; set "
            "_temp_dir to a folder that is not."
        )
    return "sudo asks for a password, and there is no terminal to ask you on; set _sudo_password."


OLDEST = {one.id: one.version for one in reversed(SYSTEMS)}
OLDEST["raspbian"] = OLDEST["debian"]
"""What has the Nginx, Supervisor and systemd that the files of all sites are written for."""


def unfit(seen: Observation, settings: Settings) -> str:
    """Why a host cannot be deployed to; an empty string when it can.

    Args:
        settings: the host's own.
    """
    if not seen.family & {"debian", "ubuntu"}:
        system = seen.system or "something unknown"
        return f"runs {system}; this deploys to Debian and Ubuntu."
    oldest, version = OLDEST.get(seen.system, ""), seen.system_version
    if oldest and version and Version(version) < Version(oldest):
        return f"runs {seen.system} {version}; this deploys to {seen.system} {oldest} and newer."
    if seen.uid != 0:
        return (
            "is reached as a user who is not root; set _sudo = True for it in the inventory or in "
            "group_data, or run pyinfra with --sudo."
        )
    if not seen.is_whole:
        return (
            f"/home/{settings.project} could not be read to its end, as {settings.project}: that "
            "user may not read it, or it holds too much."
        )
    return ""


def home_trouble(seen: Observation) -> str:
    """Why no project can run from the home; an empty string when it can."""
    if seen.noexec and not seen.read_only:
        return (
            f"{seen.noexec} is mounted noexec, and a project's programs run from its home; mount "
            "it without that."
        )
    return unwritable(seen)


def unwritable(seen: Observation) -> str:
    """Why nothing in the home can be changed; an empty string when it can."""
    if not seen.read_only:
        return ""
    return (
        f"{seen.read_only} is mounted read-only, as Linux does with a disk that has failed; "
        "look into its kernel's log (dmesg), and mount it for writing."
    )


def not_its_own(seen: Observation, settings: Settings) -> str:
    """Why a host cannot make the project's user what it is to be; an empty string when it can."""
    if not seen.user_is_elsewhere:
        return ""
    user = settings.project
    return (
        f'project = "{user}": the account {user} is not in /etc/passwd, but comes from elsewhere '
        f"(LDAP, say; getent passwd {user} shows it), where a run cannot give it its home, shell "
        "and groups; set project to another name."
    )


def not_debians(seen: Observation) -> str:
    """Whose supervisord has the place of Debian's; an empty string when nobody's has."""
    if not seen.at_supervisors_socket:
        return ""
    who, unit = seen.at_supervisors_socket
    end = f"systemctl disable --now {unit}" if unit.endswith(".service") else "end it"
    return (
        f"/run/supervisor.sock belongs to a supervisord other than the distribution's: {who}"
        f"{unit and f', of {unit}'}. The distribution's does not start beside it. Move its "
        f"programs to /etc/supervisor/conf.d, and {end}; or have it listen elsewhere, by file= in "
        "its own [unix_http_server]."
    )


def unguarded(seen: Observation, settings: Settings) -> str:
    """Why the project's code would be root on a host; an empty string when it would not."""
    groups = {settings.user_group, *settings.user_groups}
    # One stands in for the other where a system has only that.
    groups |= {"wheel"} & seen.groups if "sudo" in groups else set()
    by_group = sorted(f"%{group}" for group in groups if f"%{group}" in seen.roots)
    if by_group:
        return (
            f"sudo makes the group {by_group[0][1:]} root without a password (NOPASSWD in "
            "/etc/sudoers or /etc/sudoers.d), so the project's code could become root; set "
            "user_groups to those it needs, such as [], or have sudo ask."
        )
    # What he has by a group that the run takes from him is mended by that.
    loses = seen.user.groups - groups - {settings.project} if seen.user else set()
    if seen.roots & {settings.project, "ALL"} or (seen.user_may_be_root and not loses):
        return (
            f"sudo makes {settings.project} root without a password (NOPASSWD in /etc/sudoers or "
            "/etc/sudoers.d), so the project's code could become root; set project to a user of "
            "its own, or have sudo ask."
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
        'python to what it has or to a version such as "3.14", which is brought, or add its '
        "package to extra_packages."
    )


def hangs_on_patch(seen: Observation, wanted: str) -> bool:
    """Whether a requires-python tells apart the releases of the series that the host has."""
    try:
        asked = [Version(one.version.removesuffix(".*")) for one in SpecifierSet(wanted)]
    except (InvalidSpecifier, InvalidVersion):
        return False
    return any(len(one.release) > 2 and f"{one.major}.{one.minor}" == seen.python for one in asked)


def too_old(seen: Observation, settings: Settings, wanted: str, exact: str) -> str:
    """Why the project does not run on the interpreter; empty when it does, or that is not known.

    Args:
        wanted: the project's requires-python; empty when it has none.
        exact: the full version of the interpreter; empty where it is some release of the host's
            series.
    """
    version = exact or (seen.python and f"{seen.python}.99")
    try:
        if not (wanted and version) or SpecifierSet(wanted).contains(version):
            return ""
    except InvalidSpecifier:
        return ""
    there = ", ".join(seen.interpreters) or "no other"
    return (
        f'python = "{settings.python}": is Python {exact or seen.python}, and pyproject.toml has '
        f'requires-python = "{wanted}". The host has {there}: set python to one that fits, or to a '
        'version such as "3.14", which is brought.'
    )
