"""Who may open connections to a host: a file of rules for each project, in a table of our own."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_address

from stack.host.files import File
from stack.inventory.roles import APP, DB
from stack.project.rendering import render
from stack.project.target import Target
from stack.settings.database import PORT

FOLDER = "/etc/django-stack"
TABLE_FILE = f"{FOLDER}/firewall.nft"
PROJECTS = f"{FOLDER}/firewall.d/"
UNIT = "django-stack-firewall"
UNIT_FILE = File(
    f"/etc/systemd/system/{UNIT}.service", render(f"etc/systemd/system/{UNIT}.service")
)
PACKAGE = "nftables"
ADD = "add rule inet django_stack projects "
"""How each rule of a project's begins."""
RULE = re.compile(rf"{ADD}(?:ip6? saddr ([0-9a-f.:]+) )?tcp dport [0-9]+ accept")


def table(ports: Sequence[int]) -> File:
    """The table, with what is let in whatever projects there are.

    Args:
        ports: those of SSH.
    """
    return File(TABLE_FILE, render("etc/django-stack/firewall.nft", ports=sorted(ports)))


def path_of(project: str) -> str:
    """The path of a project's rules."""
    return f"{PROJECTS}{project}.nft"


def of_project(project: str, rules: Sequence[str]) -> File:
    """A project's rules, in an order that does not depend on how they came together."""
    values = {"project": project, "rules": sorted(rules)}
    text = render("etc/django-stack/firewall.d/PROJECT.nft", **values)
    return File(path_of(project), text)


def is_rule(line: str) -> bool:
    """Whether a line is one that these are, of whatever ports and addresses."""
    found = RULE.fullmatch(line)
    try:
        return bool(found and (found[1] is None or ip_address(found[1])))
    except ValueError:
        return False


def told(rule: str) -> str:
    """Whom a rule lets in, for a person: such as 10.0.0.9 on port 5432."""
    source, port = re.search(r"saddr (\S+)", rule), re.search(r"dport (\d+)", rule)
    return f"{source[1] if source else 'everybody'} on port {port[1] if port else 'any'}"


def rules(target: Target) -> list[str]:
    """Who may come to the project on this host."""
    found = [] if target.leaves else [*_of_site(target), *_of_database(target)]
    return [_rule(match) for match in dict.fromkeys(found)]


def rules_of_site(has_tls: bool) -> list[str]:
    """The rules of a site that everybody may visit."""
    return [_rule(match) for match in _visited(has_tls)]


def _rule(match: str) -> str:
    return f"{ADD}{match} accept"


def _visited(has_tls: bool) -> list[str]:
    return [f"tcp dport {port}" for port in (80, *([443] if has_tls else []))]


def _of_site(target: Target) -> Iterator[str]:
    if target.is_public:
        yield from _visited(target.settings.tls != "off")
    elif target.front and APP in target.roles:
        for address in target.front.balancers:
            yield f"{_from(address)} tcp dport 80"


def _of_database(target: Target) -> Iterator[str]:
    if target.database and DB in target.roles:
        for address in target.database.clients:
            if not ip_address(address).is_loopback:
                yield f"{_from(address)} tcp dport {PORT}"


def _from(address: str) -> str:
    return f"{'ip6' if ':' in address else 'ip'} saddr {address}"
