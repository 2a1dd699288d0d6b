"""Nginx and its files."""

from pyinfra.api import StringCommand

from stack.project.files import ENABLED, SITE
from stack.project.layout import Layout
from stack.shell.printing import telling
from stack.shell.scripts import as_root, script

LOAD = script(__file__, "load_nginx.sh", "aside.sh", "readable.sh", "reload_nginx.sh")
CHECK_NGINX = script(__file__, "check_nginx.sh", "aside.sh", "readable.sh")
CHECK_SITE = script(__file__, "check_site.sh", "aside.sh", "readable.sh")


def load() -> StringCommand:
    """Have Nginx run with the configuration that is on disk, and wait until it does.

    A change that seems to lie in the future (the clock was set back) would look unloaded for
    ever, so such files are touched first.
    """
    return telling(as_root(LOAD, ENABLED))


def takes_it() -> StringCommand:
    """A check of files: whether Nginx takes them."""
    return as_root(CHECK_NGINX, ENABLED, "/")


def takes_it_so_far() -> StringCommand:
    """The same before the site itself is in place: what is wrong with that is not looked at."""
    return as_root(CHECK_NGINX, ENABLED, SITE)


def serves_it(layout: Layout) -> StringCommand:
    """A check of a site: whether Nginx takes it, and Django knows the name, which it may not."""
    return as_root(CHECK_SITE, ENABLED, str(layout.library))
