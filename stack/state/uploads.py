"""Uploads that Nginx serves now, and would not any longer."""

import re

from stack.host.observation import Observation
from stack.project.target import Target


def moved_from(seen: Observation, target: Target) -> str:
    """The folder that Nginx serves uploads from, in what is shared; empty when it stays the one."""
    text = seen.nginx_files.get(target.files.site_file, "")
    served = re.search(rf"\balias {re.escape(str(target.layout.shared))}/([^;]+)/;", text)
    return served[1] if served and served[1] != target.settings.media_root else ""


def refusal(target: Target, before: str) -> str:
    """What to say of a folder that others take the place of."""
    shared, after = target.layout.shared, target.settings.media_root
    return (
        f'media_root = "{after}": Nginx serves uploads from {shared}/{before}, and visitors would '
        "no longer get those. Close the site, and move them: "
        f"mv -T {shared}/{before} {shared}/{after}; or leave media_root and MEDIA_ROOT as they are."
    )
