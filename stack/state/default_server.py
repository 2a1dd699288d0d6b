"""Who answers for names that nobody has: Nginx's default server."""

from collections.abc import Mapping

from stack.host.files import Declared
from stack.host.observation import Observation
from stack.project.nginx_files import ENABLED, SITE
from stack.project.site import is_as_written
from stack.project.target import Target
from stack.state.conflicts import of_nginx
from stack.state.neighbours import neighbours, served_by
from stack.state.server_blocks import NOBODYS, OF_DEBIANS_SITE, servers_in


def needs_a_nobody(seen: Observation, target: Target) -> bool:
    """Whether somebody has to answer for names that nobody has, and it is for us to say who.

    A person's own file that does so stays; that of Debian's package goes.
    """
    if target.settings.default_server:
        return False
    others = neighbours(seen, target.layout.user)
    is_ours = served_by(seen, target) == SITE
    stays = _that_stay(seen, target)
    if any(one.site == SITE for one in others) or (_is_somebodys(stays) and not is_ours):
        return False
    return not any(
        path not in (SITE, ENABLED)
        and any("*:80" in server.addresses and server.is_default_at("*:80") for server in servers)
        for path, servers in ((path, servers_in(text)) for path, text in stays.items())
    )


def _that_stay(seen: Observation, target: Target) -> dict[str, str]:
    """The host's files of Nginx but for those which the same run puts aside before."""
    gone = of_nginx(seen, target.files.balancer if target.front else target.files.of_nginx)
    return {path: text for path, text in seen.nginx_files.items() if path not in gone}


def _is_somebodys(files: Mapping[str, str]) -> bool:
    """Whether the file that would say so has a site in it: one that no package and no run left."""
    text = files.get(ENABLED, "")
    return not is_as_written(text) and any(
        server.names - NOBODYS or server.addresses - OF_DEBIANS_SITE for server in servers_in(text)
    )


def nobodys(seen: Observation, target: Target) -> list[Declared]:
    """What answers for names that nobody has, where it is for us to say."""
    if not needs_a_nobody(seen, target):
        return []
    return target.files.nobodys(https=any_has_tls(seen, target))


def any_has_tls(seen: Observation, target: Target) -> bool:
    """Whether a site on the host is served by HTTPS."""
    its = target.is_public and target.settings.tls != "off"
    return its or any(one.has_tls for one in neighbours(seen, target.layout.user))
