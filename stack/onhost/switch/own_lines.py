"""Lines of a person's own in the site's server block (`nginx_server`)."""

from .host import Host

ASKS_FOR_PASSWORD = 401
UNAVAILABLE = 503


def may_answer(host: Host, status: int) -> bool:
    """Whether they may be why Nginx answers so: they keep somebody out, or lead him elsewhere.

    A request for a password is always of somebody's own lines, which may be for all sites (conf.d).
    """
    refused = 300 <= status < 500 or status == UNAVAILABLE
    return status == ASKS_FOR_PASSWORD or (refused and are_there(host))


def are_there(host: Host) -> bool:
    """Whether the site that Nginx has includes any."""
    return f"/etc/nginx/snippets/{host.user}-server.conf;" in host.site_file.read_text()
