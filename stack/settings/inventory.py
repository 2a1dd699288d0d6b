"""The settings of all hosts, checked together."""

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace

from stack.inventory.roles import APP, Roles, playing, roles
from stack.settings.across_hosts import (
    different_projects,
    different_rollouts,
    idle_hosts,
    interpreters_in_homes,
    lonely_databases,
    missing_addresses,
    names_of_nobody,
    names_that_nginx_ignores,
    same_address,
)
from stack.settings.against_source import NEEDED, source_problems, what_is_read
from stack.settings.database import (
    database_of,
    database_problems,
    default_address,
    with_url,
)
from stack.settings.first_host import first_host_problems
from stack.settings.front import front_problems
from stack.settings.loading import examine
from stack.settings.model import Settings
from stack.settings.problem import Problem, SettingsError
from stack.settings.redirects import redirect_problems
from stack.settings.secret import Secrets
from stack.settings.server import server_problems
from stack.settings.tls import public_hosts, tls_problems
from stack.settings.urls import url_problems
from stack.settings.without_effect import without_use


def load_all(
    hosts: Mapping[str, Mapping[str, object]],
    groups: Roles | None = None,
    needed: Collection[str] | None = None,
) -> dict[str, Settings]:
    """The settings of each host of the inventory, from their data (`host.data.dict()`), by name.

    The hosts are checked against each other and against the project in their source. Raises
    SettingsError with all problems of all hosts, each once with the hosts that have it.

    Args:
        groups: the names of the groups that each host is in; without any, all are app hosts.
        needed: the settings whose secrets are, where no release is made of the project's source:
            that one does not have to be there, and no function of others is called.
    """
    its_roles = roles({host: (groups or {}).get(host, ()) for host in hosts})
    apps = dict.fromkeys(playing(APP, its_roles))
    called = dict[int, object]()
    public = dict.fromkeys(public_hosts(its_roles))
    secrets = {
        host: Secrets(needed, without_use(its, its_roles[host], host in public), called)
        for host, its in hosts.items()
    }
    settings, problems = _each(hosts, secrets, apps if needed is None else ())
    of_apps = {app: settings[app] for app in apps}
    against_each_other = [
        *same_address(hosts),
        *lonely_databases(of_apps),
        *interpreters_in_homes(of_apps),
        *different_rollouts(of_apps),
        *url_problems(of_apps),
        *redirect_problems(of_apps),
        *server_problems(of_apps),
        *idle_hosts(its_roles),
        *missing_addresses(settings, its_roles),
        *names_of_nobody(of_apps),
        *database_problems(settings, its_roles),
        *front_problems(settings, its_roles),
        *tls_problems(settings, its_roles),
    ]
    if needed is None:
        # What went live with these is not kept from going back, or from leaving.
        against_each_other += [
            *different_projects(of_apps),
            *first_host_problems(of_apps),
            *names_that_nginx_ignores(of_apps),
        ]
    problems += [*_not_told(against_each_other, problems)]
    if problems:
        raise SettingsError(_merged(problems, list(hosts)))
    if database := database_of(settings, its_roles):
        settings |= {app: with_url(its, database) for app, its in of_apps.items()}
    return settings


def _each(
    hosts: Mapping[str, Mapping[str, object]],
    secrets: Mapping[str, Secrets],
    with_source: Collection[str],
) -> tuple[dict[str, Settings], list[Problem]]:
    """The settings of each host, and what is wrong with them whatever those of others are.

    Args:
        secrets: those of each host.
        with_source: the hosts that are checked against their source.
    """
    settings: dict[str, Settings] = {}
    problems: list[Problem] = []
    checked: dict[Hashable, list[Problem]] = {}
    for host, data in hosts.items():
        its_data = {**default_address(host, data), **data}
        settings[host], found = examine(its_data, secrets[host], host in with_source)
        bad = {problem.setting for problem in found}
        if "project" in bad and "wsgi" not in its_data:
            bad.add("wsgi")  # its default is made of the project's name
        if host in with_source and not bad & NEEDED:
            key = what_is_read(settings[host])
            if key not in checked:
                checked[key] = source_problems(settings[host])
            found += [problem for problem in checked[key] if problem.setting not in bad]
        problems += [replace(problem, hosts=(host,)) for problem in found]
    return settings, problems


def _not_told(problems: Iterable[Problem], told: Iterable[Problem]) -> Iterator[Problem]:
    """Those of hosts of which something else is wrong with the same setting are left out."""
    known = {(problem.setting, host) for problem in told for host in problem.hosts}
    for problem in problems:
        hosts = tuple(host for host in problem.hosts if (problem.setting, host) not in known)
        if hosts or not problem.hosts:
            yield replace(problem, hosts=hosts)


def _merged(problems: Iterable[Problem], hosts: list[str]) -> list[Problem]:
    """Each problem once, with all hosts that have it."""
    having: dict[Problem, list[str]] = {}
    for problem in problems:
        having.setdefault(replace(problem, hosts=()), []).extend(problem.hosts)
    all_hosts = set(hosts) if len(hosts) > 1 else None
    return [
        replace(p, hosts=("all hosts",) if set(its) == all_hosts else tuple(its))
        for p, its in having.items()
    ]
