"""Nginx's words about what it cannot read: of which file they are, and what is to be done."""

import re

from stack.state.main_files import NGINX

MODULES = "/etc/nginx/modules-enabled/"
FOLDERS = "/etc/nginx/(?:conf\\.d|sites-enabled|modules-enabled)/"
"""Those of which our nginx.conf includes what there is."""
SAYS = re.compile(
    # A link to nowhere is named by the file that includes all of its folder.
    rf'open\(\) "(?P<nowhere>{FOLDERS}[^/"]+)" failed .* in {re.escape(NGINX)}:\d+$'
    r"| in (?P<path>/\S+):\d+$"
)


def named_in(words: str) -> list[tuple[str, bool]]:
    """The path of each file that Nginx's words are about, and whether it is a link to nowhere.

    Args:
        words: lines of which some name a file.
    """
    found = [said for line in words.splitlines() if (said := SAYS.search(line))]
    return [(said["nowhere"] or said["path"], bool(said["nowhere"])) for said in found]


def how_to_do_without(path: str) -> str:
    """What a person is to do with a link to nowhere, or with a module that Nginx cannot load."""
    how = f"remove it (rm {path})"
    return f"{how}, or install the module that it loads" if path.startswith(MODULES) else how
