"""What somebody has broken by hand of Nginx's files, before a release that takes over.

A release takes over by Nginx's files, which Nginx has to be able to read. So what is wrong with our
site is mended first, where it comes after the release otherwise; and what is for somebody else to
mend is told before anything is changed, where the release would find out after its migrations.
"""

import json
from collections.abc import Sequence

from pyinfra import host

from stack.facts.refused import RefusedByNginx
from stack.host.files import Declared, File, out_of_place
from stack.host.observation import Observation, Unit
from stack.inventory.roles import APP
from stack.onhost.switch.visitors import PROXY_PASS
from stack.project.site import Site
from stack.project.target import Target
from stack.state.conflicts import NGINXS_OWN
from stack.state.live import is_live
from stack.state.main_files import NGINX
from stack.state.neighbours import neighbours, nginxs_files
from stack.state.nginx_errors import MODULES, how_to_do_without, named_in
from stack.state.placement import place
from stack.state.reading import observe
from stack.state.services import nginx_is_loaded


def site_is_broken(target: Target) -> bool:
    """Whether the current host's Nginx runs, and could not be told of a release for our site."""
    seen = observe(target)
    return (
        seen.units.get("nginx", Unit()).active == "active"
        and target.files.link.path in seen.entries
        and bool(out_of_place(target.files.site, seen.entries))
        and not is_live(place(target, seen))
        and _is_ours(_refused(target), target)
    )


def _refused(target: Target) -> str:
    [main] = [file for file in target.files.nginx if isinstance(file, File) and file.path == NGINX]
    return host.get_fact(RefusedByNginx, text=main.content)


def _is_ours(refused: str, target: Target) -> bool:
    """Whether Nginx's words are about our files too: about none, if it lacks room for names."""
    ours = {file.path for file in (target.files.link, *target.files.site)}
    paths = {path for path, _ in named_in(refused)}
    return bool(refused) and (not paths or bool(ours & paths))


def why_unreadable(target: Target, files: Sequence[Declared]) -> str:
    """What Nginx cannot read and no run of ours mends, where this one would need it, for a person.

    What lies beside our site is put aside, which the plan tells.

    Args:
        target: what the host is to be.
        files: what is declared of Nginx.
    """
    seen = observe(target)
    release_comes = APP in target.roles and not is_live(place(target, seen))
    is_needed = release_comes or not nginx_is_loaded(seen, files)
    if seen.units.get("nginx", Unit()).loaded == "not-found" or not is_needed:
        return ""
    refused = _refused(target)
    [snippet] = target.files.no_maintenance
    ours = {file.path for file in target.files.all} - {snippet.path}
    # What it includes is another's, once it is ours.
    ours -= {NGINX} - {file.path for file in out_of_place(target.files.nginx, seen.entries)}
    others = neighbours(seen, target.layout.user)
    aside = []
    for path, is_nowhere in named_in(refused):
        if path in ours:
            continue
        owner = next((one.name for one in others if path in nginxs_files([one])), "")
        if NGINXS_OWN.fullmatch(path) and not owner and not is_nowhere:
            aside.append(path)
            continue
        its = f", which is the project {owner}'s" if owner else ""
        how = "run maintenance.py, which writes it anew" if path == snippet.path else "fix it"
        if not owner and (is_nowhere or path.startswith(MODULES)):
            how = how_to_do_without(path)
        return f"Nginx cannot read {path}{its}; {how}. It says:\n{refused}\n"
    if aside:
        host.log(f"Will be put aside: {'; '.join(aside)}, which Nginx cannot read")
    return ""


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
