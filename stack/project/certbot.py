"""The certificate that certbot gets for a host: from whom, and in which files."""

from pathlib import PurePosixPath as Path
from urllib.parse import urlsplit

from stack.project.target import Target

LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
"""What certbot asks unless it is told another (its constants.CLI_DEFAULTS)."""
BEFORE = ("own", "files")
"""What Nginx may serve before the CA has given a certificate: one that nobody trusts, or one of the
settings' that a person had until then."""


def server_of(target: Target) -> str:
    """The URL of the CA's directory."""
    return target.settings.tls_server or LETS_ENCRYPT


def accounts_of(target: Target) -> str:
    """Where certbot keeps the accounts with that CA: what the paths of them begin with."""
    url = urlsplit(server_of(target))
    return f"/etc/letsencrypt/accounts/{url.netloc}{url.path}/"


def renewal_of(target: Target) -> str:
    """The path of what certbot renews the certificate by."""
    return str(target.layout.renewal)


def live_files(target: Target) -> list[Path]:
    """Those that the CA has given, as certbot leads to them."""
    return pair(target.layout.lineage)


def pair(folder: Path) -> list[Path]:
    """A certificate and its key in a folder."""
    return [folder / name for name in ("fullchain.pem", "privkey.pem")]


def paths(target: Target) -> list[str]:
    """What is to be read of a host besides its files: of its certificate, or of a former one."""
    if not target.is_certified:
        return former_paths(target)
    layout = target.layout
    folder = layout.certificates
    return [
        *served_paths(target),
        str(folder / "trusted"),
        *(str(file) for kind in BEFORE for file in pair(folder / kind)),
    ]


def former_paths(target: Target) -> list[str]:
    """What another value of `tls` has on a host, and this one not; what tells of it goes last.

    How often the CA has certified the names stays, since it goes on counting.
    """
    declared = {file.path for file in target.files.https}
    *ours, current = (
        str(target.layout.certificates / name) for name in ("files", "own", "trusted", "current")
    )
    paths = (*ours, *lineage_of(target), *renewing(target), current)
    return [path for path in paths if path not in declared]


def lineage_of(target: Target) -> list[str]:
    """What certbot has of the certificate."""
    return [str(target.layout.lineage), str(target.layout.archive), renewal_of(target)]


def folders_of(target: Target) -> list[str]:
    """Where a certificate may be read from."""
    layout = target.layout
    return [str(one) for one in (layout.lineage, layout.archive, layout.certificates)]


def renewing(target: Target) -> list[str]:
    """What else there is for a certificate to come and to be renewed."""
    return [str(target.layout.renewal_hook), str(target.layout.challenges)]


def served_paths(target: Target) -> list[str]:
    """What Nginx has read with its files: what changes there is to be loaded."""
    if not target.files.https:
        return []
    layout = target.layout
    ours = [file.path for file in target.files.https if file.path.endswith(".pem")]
    theirs = (layout.certificates / "current", *live_files(target)) if target.is_certified else ()
    return [*ours, *map(str, theirs)]


def texts(target: Target) -> list[str]:
    """Of which what is in them matters."""
    served = [served_chain(target)] if target.is_public else []
    given = [given_chain(target)] if target.is_certified else []
    return [*served, *given, renewal_of(target)]


def served_chain(target: Target) -> str:
    """Where Nginx reads the certificate, whoever it is from."""
    return str(target.layout.certificates / "current/fullchain.pem")


def given_chain(target: Target) -> str:
    """Where the one is that the CA has given, be it served yet or not."""
    return str(target.layout.lineage / "fullchain.pem")


def beginnings(target: Target) -> list[str]:
    """How further paths to be read begin."""
    return [accounts_of(target)] if target.is_certified else []
