"""Where others' sites have an address for themselves: pure functions of what was read.

Of several `listen` that an address fits, Nginx takes the one that names it; among those blocks
alone it looks for the name that a visitor asks for.
"""

from collections.abc import Iterable

from stack.host.files import Declared, File
from stack.host.observation import Observation
from stack.state.conflicts import NGINXS_OWN, SITES, of_nginx
from stack.state.server_blocks import Server, servers_in

ALL_ADDRESSES = ("*", "[::]")
OF_THE_HOST = ("127.", "[::1]", "localhost", "unix:")
"""How addresses begin at which no visitor comes."""


def shadowed(seen: Observation, files: Iterable[Declared], lines: str = "") -> dict[str, str]:
    """The addresses at which visitors get the file of somebody else's, and not the site.

    Args:
        files: those that are declared.
        lines: the site's own lines, which may listen there too.
    """
    files = list(files)
    sites = [one for one in files if isinstance(one, File) and one.path.startswith(SITES)]
    ours = {address for one in sites for address in _addresses(servers_in(one.content))}
    ports = {address.rpartition(":")[2] for address in ours}
    own = _addresses(servers_in(f"server {{ {lines} }}")) if "listen" in lines else set()
    stays = set(seen.nginx_files) - {one.path for one in files} - set(of_nginx(seen, files))
    return {
        address: path
        for path in sorted(stays)
        if NGINXS_OWN.fullmatch(path)
        for address in sorted(_addresses(servers_in(seen.nginx_files[path])) - own)
        if address.rpartition(":")[2] in ports
        and address.rpartition(":")[0] not in ALL_ADDRESSES
        and not address.startswith(OF_THE_HOST)
    }


def _addresses(servers: Iterable[Server]) -> set[str]:
    return {address for server in servers for address in server.addresses}
