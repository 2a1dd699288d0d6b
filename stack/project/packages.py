"""The Debian packages that a host needs."""

from stack.settings import Settings

ARTICLE = ("nginx", "supervisor", "virtualenvwrapper", "python3-dev", "build-essential")
OURS = ("logrotate",)
"""A minimal Debian has none, and the logs of Nginx would fill its disk."""

ACL = ("acl",)
"""For Nginx to read the uploads, and nothing else beside them."""

BALANCER = ("nginx", "logrotate")
"""Of a host of the group `lb`."""

CERTBOT = ("certbot", "openssl")
"""Of a host whose certificate comes from a CA."""


def app_packages(settings: Settings) -> tuple[str, ...]:
    """Those of a host that runs the app: the article's, ours, and the project's own."""
    return (*ARTICLE, *OURS, *(ACL if settings.media_root else ()), *settings.extra_packages)
