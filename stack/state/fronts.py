"""What a run changes for visitors as a balancer comes before an app host, or goes.

Pure functions of what was read: each gives a clause about the host, with what to do, or nothing.
"""

import re
from ipaddress import ip_address, ip_network

from stack.host.observation import Observation
from stack.inventory.naming import named
from stack.inventory.roles import APP
from stack.project.nginx_files import enabled
from stack.project.target import Target
from stack.settings.network import is_address
from stack.state import firewall
from stack.state.neighbours import recorded

PAGE = "docs/front.md says how nobody is lost"


def falls_silent(seen: Observation, target: Target) -> str:
    """Which ports visitors find closed who still come to an app host itself."""
    front, text = target.front, _site(seen, target)
    if target.leaves or APP not in target.roles or front is None:
        return ""
    if not text or _is_behind(text, target):
        return ""
    secure = ["443"] if "listen 443 ssl" in text else []
    plain = ["80"] if firewall.is_wanted(seen, target) else []
    if not (ports := [*plain, *secure]):
        return ""
    left = "" if plain else ", and on port 80 the site by HTTP"
    return (
        f"answers visitors no more on port{'s' if len(ports) > 1 else ''} {' and '.join(ports)}"
        f"{left}: they have to come to {named(front.balancers, 'balancers')} by now; {PAGE}"
    )


def is_still_sent(seen: Observation, target: Target) -> str:
    """Which balancers are none any more, and may go on sending visitors to an app host."""
    text = _site(seen, target)
    if target.leaves or APP not in target.roles or not _is_behind(text, target):
        return ""
    trusted = target.front.balancers if target.front else target.settings.trusted_proxies
    known = [ip_network(one, strict=False) for one in trusted]
    lost = [
        one
        for one in dict.fromkeys(re.findall(r"set_real_ip_from (\S+);", text))
        # Somebody may have written anything there.
        if is_address(one) and not any(ip_address(one) in network for network in known)
    ]
    if not lost:
        return ""
    way = "keep it in lb" if target.front else f"have {', '.join(lost)} in trusted_proxies"
    return (
        f"believes {', '.join(lost)} no more who a visitor is, and whether he came by HTTPS: until "
        f"none comes by that balancer, {way}; {PAGE}"
    )


def _site(seen: Observation, target: Target) -> str:
    """The text of ours that is served, of whatever settings; empty where there is none."""
    its = recorded(seen, target.layout.user)
    return seen.nginx_files.get(enabled(its.site), "") if its.site else ""


def _is_behind(text: str, target: Target) -> bool:
    """Whether it is an app host's behind balancers."""
    return f"${target.layout.user.replace('-', '_')}_is_down" in text
