"""Settings that do nothing, for want of another one.

They are no mistake: inventories share what is for one of them, and `--data` is for one run.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

from stack.inventory.roles import APP, DB, Roles, playing
from stack.settings.model import Settings
from stack.settings.paths import PYTHON_VERSION
from stack.settings.problem import shown
from stack.settings.tls import public_hosts


@dataclass(frozen=True)
class Needs:
    """Settings, and the one without which they do nothing."""

    names: tuple[str, ...]
    """Of settings, or of keys of one: `commands["after_migrate"]`."""
    other: str
    works: Callable[[Settings], object]
    """Whether the other one has them do something."""


OF_APPS = (
    Needs(("python_mirror",), "python", lambda its: PYTHON_VERSION.fullmatch(its.python)),
    Needs(
        ("dump_before_migrate", 'commands["first_migration"]', 'commands["after_migrate"]'),
        "migrate",
        lambda its: its.migrate != "off",
    ),
    Needs(("media_url",), "media_root", lambda its: its.media_root),
    Needs(("max_requests_jitter",), "max_requests", lambda its: its.max_requests),
)
OF_AN_APP = ("env", "files", "nginx_server", "maintenance_page", "unavailable_page")
"""Those with secrets that have an effect on app hosts alone; a balancer has the pages of these."""
OF_VISITORS = (
    Needs(("tls_server",), "tls", lambda its: its.tls == "acme"),
    Needs(("tls_certificate", "tls_key"), "tls", lambda its: its.tls == "files"),
)


def without_use(
    data: Mapping[str, object], its: Collection[str], is_public: bool
) -> frozenset[str]:
    """The settings with secrets that a host has no use for, whatever else is wrong with them.

    Args:
        data: the host's, not checked yet.
        its: its roles.
        is_public: whether visitors come to it.
    """
    is_certified_by_hand = is_public and data.get("tls") == "files"
    return frozenset(
        (
            *(OF_AN_APP if APP not in its else ()),
            *(("database_password",) if DB not in its else ()),
            *(("tls_certificate", "tls_key") if not is_certified_by_hand else ()),
        )
    )


def without_effect(settings: Mapping[str, Settings], roles: Roles) -> Iterator[str]:
    """What to tell of those that hosts have and none can use, each once.

    Args:
        settings: of all hosts, by name, without problems.
        roles: the same hosts'.
    """
    for hosts, table in ((playing(APP, roles), OF_APPS), (public_hosts(roles), OF_VISITORS)):
        yield from _told_of([settings[host] for host in hosts], table)


def _told_of(settings: Collection[Settings], table: Collection[Needs]) -> Iterator[str]:
    for one in table:
        if any(map(one.works, settings)):
            continue
        for name in one.names:
            if its := next((its for its in settings if _is_set(its, name)), None):
                value = shown(_written(getattr(its, one.other)))
                yield f"{name} has no effect, as {one.other} = {value}"


def _is_set(its: Settings, name: str) -> bool:
    setting, _, key = name.partition("[")
    value = getattr(its, setting)
    if key:
        return bool(value.get(key.strip('"]')))
    return bool(value != Settings.model_fields[setting].default)


def _written(value: object) -> object:
    """As a person writes it."""
    return [*value] if isinstance(value, tuple) else value
