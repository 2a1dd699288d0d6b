"""Nginx and its files."""

from pyinfra.api import StringCommand

from stack.commands.files import Check
from stack.commands.lock import alone_on_host
from stack.project.nginx_files import enabled
from stack.project.target import Target
from stack.shell.printing import telling
from stack.shell.scripts import as_root, script

MOVE = script(__file__, "move_site.sh")
LOAD = script(__file__, "load_nginx.sh", "aside.sh", "at_boot.sh", "readable.sh", "reload_nginx.sh")
CLEAR_WAY = script(__file__, "clear_way.sh", "aside.sh", "readable.sh")
CHECK_NGINX = script(__file__, "check_nginx.sh")
CHECK_SITE = script(__file__, "check_site.sh")


def load(target: Target) -> StringCommand:
    """Have Nginx run with the configuration that is on disk, and wait until it does.

    A change that seems to lie in the future (the clock was set back) would look unloaded for
    ever, so such files are touched first.
    """
    return alone_on_host(telling(as_root(LOAD, target.files.link.path, str(target.layout.library))))


def move(target: Target, before: str, text: str) -> StringCommand:
    """Move the site to its declared file, as it is served now.

    Args:
        target: what the host is to be.
        before: the path of the file that it has.
        text: what is in that, but for its claim to be the server's default.
    """
    files = target.files
    words = (before, enabled(before), files.site_file, files.link.path)
    return alone_on_host(as_root(MOVE, *words, stdin=text))


def takes_it(target: Target) -> Check:
    """A check of files: whether Nginx takes them.

    While our link leads to a site that is still to be put in place, what is wrong is not looked at.
    """
    return Check(as_root(CHECK_NGINX, target.files.link.path), _way_cleared(target))


def serves_it(target: Target) -> Check:
    """A check of a site: whether Nginx takes it, and whether Django knows its name."""
    return Check(as_root(CHECK_SITE, str(target.layout.library)), _way_cleared(target))


def _way_cleared(target: Target) -> StringCommand:
    return as_root(CLEAR_WAY, target.files.link.path)
