"""The servers: how a release goes from one to the next, what they have, and their database."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, SecretStr

from stack.settings.check import Check, Listed, at_least, between
from stack.settings.commands import COMMAND
from stack.settings.environment import PASSWORD
from stack.settings.model.part import Part
from stack.settings.names import GROUP, PACKAGE
from stack.settings.network import ADDRESS, SWAP_SIZE
from stack.settings.secret import resolve
from stack.settings.waves import Waves


class HostSettings(Part, frozen=True):
    """The descriptions are those of docs/settings.md."""

    waves: Waves = Field(
        (1, "25%", "100%"),
        description="over several hosts, how many have switched to a release by the end of each "
        "wave of the rollout: numbers of hosts, or percentages of them, rounded up; each wave has "
        "at least one host, and `[]` means all at once",
    )
    gate_seconds: Annotated[int, at_least(0)] = Field(
        10,
        description="over several hosts, how long all that have switched must answer "
        "`health_path` after each wave, before the next one begins",
    )
    on_failure: Annotated[Literal["revert", "stop"], Check('"revert" or "stop"')] = Field(
        "revert",
        description='when a rollout over several hosts fails, "revert" takes the hosts that have '
        'switched back to what each served before; "stop" leaves them as they are',
    )
    notify: Annotated[Listed[Annotated[str, COMMAND]], Check("a list of commands")] = Field(
        (),
        description="commands run on this machine after a run whose steps changed something, "
        "failed or were cut: what happened is in their environment, as DEPLOY_RESULT and the like",
    )
    address: Annotated[str, ADDRESS] = Field(
        "",
        description="the IP address that this host and the others use among themselves, if it is "
        "not the one in the inventory",
    )
    user_group: Annotated[str, GROUP] = Field("users", description="primary group of the user")
    user_groups: Annotated[Listed[Annotated[str, GROUP]], Check("a list of group names")] = Field(
        ("sudo", "nogroup"),
        description="further groups of the user (`wheel` where a system has no `sudo`)",
    )
    extra_packages: Annotated[
        Listed[Annotated[str, PACKAGE]], Check("a list of Debian packages")
    ] = Field((), description="more Debian packages (libpq-dev …)")
    automatic_updates: Annotated[bool, Check("True or False")] = Field(
        False,
        description="the server installs its distribution's security updates every day, by "
        "unattended-upgrades; it never reboots by itself",
    )
    swap: Annotated[str, SWAP_SIZE] = Field(
        "",
        description='the size of a swap file on the server, such as "512M" or "2G": a build may '
        "need more memory than a small server has",
    )
    firewall: Annotated[bool, Check("True or False")] = Field(
        False,
        description="the server accepts connections only to SSH and to what it serves: visitors, "
        "balancers to app hosts, app hosts to PostgreSQL",
    )
    database_password: Annotated[SecretStr, PASSWORD, BeforeValidator(resolve)] = Field(
        SecretStr(""),
        description="the password of the database's role, on the host in the group `db`: text, or "
        "a function that returns it",
    )
    dump_hour: Annotated[int, between(0, 23)] = Field(
        3, description="the hour of the nightly dump, by the clock of the database's host"
    )
    keep_dumps: Annotated[int, at_least(1)] = Field(
        14, description="how many of the nightly dumps stay on disk"
    )
