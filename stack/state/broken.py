"""A site of ours that somebody has broken by hand, before a release that takes over.

A release takes over by Nginx's files, which Nginx has to be able to read. So what is wrong with the
site is mended first, where it comes after the release otherwise.
"""

import json
import re

from pyinfra import host

from stack.facts.refused import RefusedByNginx
from stack.host.files import Declared, out_of_place
from stack.host.observation import Observation, Unit
from stack.onhost.switch.visitors import PROXY_PASS
from stack.project.site import Site
from stack.project.target import Target
from stack.state.live import is_live
from stack.state.placement import place
from stack.state.reading import observe


def site_is_broken(target: Target) -> bool:
    """Whether the current host's Nginx runs, and could not be told of a release for our site."""
    seen = observe(target)
    return (
        seen.units.get("nginx", Unit()).active == "active"
        and target.files.link.path in seen.entries
        and bool(out_of_place(target.files.site, seen.entries))
        and not is_live(place(target, seen))
        and _is_ours(host.get_fact(RefusedByNginx), target)
    )


def _is_ours(refused: str, target: Target) -> bool:
    """Whether Nginx's words are about our files: about none, if it lacks room for names."""
    ours = {file.path for file in (target.files.link, *target.files.site)}
    return bool(refused) and ours >= set(re.findall(r" in (/\S+):\d+$", refused, re.MULTILINE))


def site_as_sent(target: Target) -> list[Declared]:
    """The declared site, with the visitors sent to where the live release answers."""
    address = f"proxy_pass http://{_bind(observe(target), target)};"
    return [
        Site(file.path, PROXY_PASS.sub(address, file.content)) if isinstance(file, Site) else file
        for file in target.files.site
    ]


def _bind(seen: Observation, target: Target) -> str:
    """The live release's address, as the run before this has written it down."""
    try:
        values = json.loads(seen.texts[str(target.layout.switch_values)])
        return str(values["bind"])
    except (KeyError, TypeError, ValueError):
        return target.settings.bind
