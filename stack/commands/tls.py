"""Certificates for HTTPS."""

from collections.abc import Iterator

from pyinfra.api import StringCommand

from stack import onhost
from stack.commands import nginx
from stack.commands.lock import CERTBOT, alone_on_host
from stack.project.certbot import accounts_of, server_of
from stack.project.target import Target
from stack.shell.printing import telling
from stack.shell.scripts import as_root, script

OWN_CERTIFICATE = script(__file__, "own_certificate.sh", "aside.sh")
CERTIFY = script(__file__, "certify.sh", "last_lines.sh", "aside.sh")
SERVE_CERTIFICATE = script(__file__, "serve_certificate.sh", "aside.sh", "at_boot.sh")
CHECK_CERTIFICATE = script(__file__, "check_certificate.sh")
CERTBOT_SECONDS = 120
"""How long to wait for a certbot that no run of ours has started, such as its timer's."""
MOST_PER_WEEK = 4
"""Let's Encrypt gives five certificates for the same names within a week, and then none."""


def certificate_loads(target: Target) -> StringCommand:
    """A check of the settings' certificate: whether Nginx can load it with its chain and key."""
    folder = target.layout.certificates / "files"
    paths = (str(folder / "fullchain.pem"), str(folder / "privkey.pem"))
    return as_root(CHECK_CERTIFICATE, onhost.script("loads"), *paths)


def make_own(target: Target) -> StringCommand:
    """Make a self-signed certificate, for Nginx to start with."""
    return as_root(OWN_CERTIFICATE, str(target.layout.certificates), *target.names)


def certify(target: Target, without_end: bool) -> StringCommand:
    """Get a certificate from the CA: one try, once no other certbot is at work.

    Args:
        without_end: however many of the same names the CA has given within a week.
    """
    asking = as_root(
        CERTIFY,
        target.layout.user,
        str(target.layout.challenges),
        str(target.layout.certificates),
        server_of(target),
        accounts_of(target).rstrip("/"),
        target.settings.tls_email,
        "" if without_end else f"{MOST_PER_WEEK}",
        f"{CERTBOT_SECONDS}",
        *target.names,
    )
    return alone_on_host(asking, lock=CERTBOT)


def serve(target: Target) -> Iterator[StringCommand]:
    """Have Nginx serve what the CA has given, and visitors be led there."""
    yield lead_to_it(target)
    yield nginx.load(target)


def lead_to_it(target: Target) -> StringCommand:
    """Have Nginx's files lead to what the CA has given, and certbot's timer renew it."""
    layout = target.layout
    return telling(
        as_root(SERVE_CERTIFICATE, layout.user, str(layout.certificates), str(layout.lineage))
    )
