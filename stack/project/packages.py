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


POLICY = "/usr/sbin/policy-rc.d"
"""What Debian asks whether a package may start its services. A person may have one of their own."""

POLICY_MARK = "while a deployment installs"
"""What tells ours, which is there no longer than a run installs packages."""


def app_packages(settings: Settings) -> tuple[str, ...]:
    """Those of a host that runs the app: the article's, ours, and the project's own."""
    return (*ARTICLE, *OURS, *(ACL if settings.media_root else ()), *settings.extra_packages)
