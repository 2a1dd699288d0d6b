"""Files of Nginx's that are other people's, and in the way of ours."""

import re
from collections.abc import Iterable, Iterator, Sequence, Set

from stack.host.files import Declared, File
from stack.host.observation import Observation
from stack.project.nginx_files import NAMES_FILE, enabled
from stack.project.site import is_as_written
from stack.settings.server_names import claimed, not_answered
from stack.state.duplicates import duplicate
from stack.state.neighbours import nginxs_files
from stack.state.server_blocks import EVERYWHERE, NOBODYS, OF_DEBIANS_SITE, Server, servers_in

# Whatever was read, nothing else is ever put aside.
NGINXS_OWN = re.compile(r"/etc/nginx/(conf\.d|sites-enabled)/[^/]+")
SITES = "/etc/nginx/sites-available/"


def of_nginx(seen: Observation, files: Iterable[Declared]) -> list[str]:
    """Files of Nginx's that claim what the site claims: its port, and a name of its or all names.

    Other sites on the same server are none of our business, nor is the same name elsewhere: on
    another port, such as 443, or on an address of its own. What another project of ours has is
    never put aside: what it claims too is refused.

    Args:
        files: those that are declared.
    """
    ours = {file.path: file for file in files}
    servers = _declared(ours.values())
    names = claimed(_names(servers))
    addresses = _addresses(servers)
    defaults = {one for one in addresses for server in servers if server.is_default_at(one)}
    projects = nginxs_files(seen.projects)
    return [
        path
        for path, text in seen.nginx_files.items()
        if ours
        and NGINXS_OWN.fullmatch(path)
        and path not in ours
        and path not in projects
        and any(_claims(server, names, addresses, defaults) for server in servers_in(text))
    ]


def _declared(files: Iterable[Declared]) -> list[Server]:
    sites = [file for file in files if isinstance(file, File) and file.path.startswith(SITES)]
    return [server for site in sites for server in servers_in(site.content)]


def _addresses(servers: Iterable[Server]) -> set[str]:
    return {address for server in servers for address in server.addresses}


def _names(servers: Iterable[Server]) -> set[str]:
    return {name for server in servers for name in server.names} - NOBODYS


def _claims(server: Server, names: Set[str], addresses: Set[str], defaults: Set[str]) -> bool:
    shared = addresses & server.addresses
    is_rival = any(server.is_default_at(one) for one in shared & defaults)
    return is_rival or bool(shared and names & claimed(server.names))


def with_what_it_serves(seen: Observation, path: str, files: Iterable[Declared]) -> str:
    """A file of Nginx's with the names of others that it serves, for a person.

    Args:
        files: those that are declared.
    """
    found = servers_in(seen.nginx_files[path])
    theirs = sorted(not_answered(_names(found), _names(_declared(files))))
    return f"{path}, which serves {', '.join(theirs)} too" if theirs else path


def would_be_lost(seen: Observation, files: Iterable[Declared], before: str = "") -> Iterator[str]:
    """What is served on the host and would not be any longer, for a person, a line a file.

    Args:
        files: those that are declared.
        before: the site's file that Nginx has now, where that is not the declared one.
    """
    files = list(files)
    for path in of_nginx(seen, files):
        servers = servers_in(seen.nginx_files[path])
        elsewhere = _addresses(servers) - OF_DEBIANS_SITE - _addresses(_declared(files))
        if elsewhere:
            yield (
                f"{path} answers on port 80 in place of this site, and on "
                f"{', '.join(sorted(elsewhere))} too, which is not declared; delete its server "
                "blocks for port 80, or move them into a file that may be put aside."
            )
    site = next((f.path for f in files if isinstance(f, File) and f.path.startswith(SITES)), "")
    text = seen.nginx_files.get(enabled(before) if before else site, "")
    more = [] if is_as_written(text) else _more(servers_in(text), _declared(files))
    if more:
        yield (
            f"{before or site} serves more than is declared, and would be overwritten: "
            f"{', '.join(more)}. Add what is a name of this site to server_name, and move other "
            "server blocks to a file of their own in /etc/nginx/sites-enabled."
        )


def hindrances(seen: Observation, files: Iterable[Declared], before: str = "") -> Iterator[str]:
    """Why Nginx cannot serve the site on a host, for a person, a line for each reason.

    Args:
        files: those that are declared.
        before: see `would_be_lost`.
    """
    files = list(files)
    texts = [file.content for file in files if isinstance(file, File)]
    for port in (80, 443):
        who = seen.at_ports.get(port, "nginx ")
        needs = any(re.search(rf"listen {port}\b", text) for text in texts)
        if needs and not who.startswith("nginx "):
            yield (
                f"port {port} is held by {who}, but Nginx needs it; stop and disable that program."
            )
    yield from would_be_lost(seen, files, before)
    if again := _said_again(seen, files):
        yield again


def _said_again(seen: Observation, files: Iterable[Declared]) -> str:
    """What a person's file says that ours say too, and Nginx takes once."""
    files = list(files)
    ours = {file.path: file.content if isinstance(file, File) else "" for file in files}
    of_projects = {*nginxs_files(seen.projects), NAMES_FILE}
    shared = {path: text for path, text in seen.nginx_files.items() if path in of_projects}
    aside = of_nginx(seen, files)
    theirs = {
        path: text
        for path, text in seen.nginx_files.items()
        if NGINXS_OWN.fullmatch(path)
        and path not in ours
        and path not in of_projects
        and path not in aside
    }
    return duplicate({**shared, **ours}, theirs)


def _more(servers: Sequence[Server], ours: list[Server]) -> list[str]:
    """The addresses and names that servers have and ours have not."""
    names = _names(servers)
    addresses = _addresses(servers) - _addresses(ours)
    addresses -= {EVERYWHERE} if names else OF_DEBIANS_SITE
    return sorted(addresses) + sorted(not_answered(names, _names(ours)))
