"""The certificate that a host has from a CA: pure functions of what was read."""

import re
from pathlib import PurePosixPath as Path
from urllib.parse import urlsplit

from stack.host.certificate import Certificate, certificate_in
from stack.host.observation import Observation, Unit
from stack.project.target import Target

LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
"""What certbot asks unless it is told another (its constants.CLI_DEFAULTS)."""
TIMER = "certbot.timer"
BEFORE = ("own", "files")
"""What Nginx may serve before the CA has given a certificate: one that nobody trusts, or one of the
settings' that a person had until then."""


def paths(target: Target) -> list[str]:
    """What is to be read of a host whose certificate comes from a CA."""
    if not target.is_certified:
        return []
    layout = target.layout
    folder = layout.certificates
    return [
        *served_paths(target),
        str(folder / "trusted"),
        *(str(file) for kind in BEFORE for file in _pair(folder / kind)),
    ]


def served_paths(target: Target) -> list[str]:
    """What Nginx has read with its files: what changes there is to be loaded."""
    if not target.files.https:
        return []
    layout = target.layout
    ours = [file.path for file in target.files.https if file.path.endswith(".pem")]
    theirs = (layout.certificates / "current", *_live_files(target)) if target.is_certified else ()
    return [*ours, *map(str, theirs)]


def texts(target: Target) -> list[str]:
    """Of which what is in them matters."""
    if not target.is_certified:
        return []
    return [str(target.layout.lineage / "fullchain.pem"), renewal_of(target)]


def beginnings(target: Target) -> list[str]:
    """How further paths to be read begin."""
    return [accounts_of(target)] if target.is_certified else []


def certificate_of(seen: Observation, target: Target) -> Certificate | None:
    """The one that the CA has given the host, or that the settings have."""
    if target.settings.tls == "files":
        return certificate_in(target.settings.tls_certificate.get_secret_value())
    return certificate_in(seen.texts.get(str(target.layout.lineage / "fullchain.pem"), ""))


def why_not_to_serve(seen: Observation, target: Target) -> str:
    """Why the settings' certificate is not to be put on the host; empty when it may be.

    One that is there already and has expired since holds up nothing else, such as going back.
    """
    certificate = certificate_of(seen, target)
    new = not all(
        file.is_in_place(seen.entries.get(file.path))
        for file in target.files.https
        if file.path.endswith(".pem")
    )
    if new and certificate and certificate.days_left(seen.now) < 0:
        return f"tls_certificate: has expired, on {certificate.day}; set it to one that has not"
    return ""


def why_to_ask(seen: Observation, target: Target) -> str:
    """Why the CA has to be asked for a certificate, for a person; empty when it has not."""
    certificate, renewal = certificate_of(seen, target), _renewal(seen, target)
    names = frozenset(name.lower() for name in target.names)
    if certificate is None or not renewal:
        return "there is none"
    if certificate.names != names:
        return f"the one that is there is for {', '.join(sorted(certificate.names))}"
    if renewal.get("server") != server_of(target):
        return f"the one that is there is of {renewal.get('server')}"
    files = [seen.entries.get(str(file)) for file in _live_files(target)]
    if any(file is None or file.kind != "link" for file in files):
        return "the one that is there was put there by hand"
    if certificate.is_late(seen.now):
        return f"the one that is there was not renewed, and ends on {certificate.day}"
    if accounts_of(target) + renewal.get("account", "-") not in seen.entries:
        return "its account with the CA is gone"
    if renewal.get("webroot_path", "").strip(", ") != str(target.layout.challenges):
        return "certbot would look for its challenge elsewhere"
    return ""


def is_served(seen: Observation, target: Target) -> bool:
    """Whether Nginx is to serve the CA's certificate, and leads visitors to it."""
    folder = target.layout.certificates
    link = seen.entries.get(str(folder / "current"))
    return (
        link is not None
        and (link.kind, link.target) == ("link", str(target.layout.lineage))
        and str(folder / "trusted") in seen.entries
    )


def renews_itself(seen: Observation, target: Target) -> bool:
    """Whether certbot's timer runs, and knows when this certificate is due."""
    certificate = certificate_of(seen, target)
    due = f"{certificate.renews_days_before()} days" if certificate else ""
    early = _renewal(seen, target).get("renew_before_expiry") == due
    return seen.units.get(TIMER, Unit()).runs and early


def has_one_to_begin_with(seen: Observation, target: Target) -> bool:
    """Whether there is any certificate, without which Nginx does not start."""
    link = seen.entries.get(str(target.layout.certificates / "current"))
    if link is None or link.kind != "link":
        return False
    if link.target in BEFORE:
        files = _pair(target.layout.certificates / link.target)
        return all(str(file) in seen.entries for file in files)
    return link.target == str(target.layout.lineage) and _has_live_files(seen, target)


def is_lost(seen: Observation, target: Target) -> bool:
    """Whether Nginx still serves a certificate of the CA's whose files are gone.

    Nothing of a host's own may take its place: browsers would show that to nobody.
    """
    running = seen.units.get("nginx", Unit()).active == "active"
    return running and is_served(seen, target) and not _has_live_files(seen, target)


def begins_anew(seen: Observation, target: Target) -> bool:
    """Whether Nginx's files are to lead to another certificate than they do, before it reads them.

    One that is lost is read as soon as there is another.
    """
    return (
        target.is_certified
        and not has_one_to_begin_with(seen, target)
        and not is_lost(seen, target)
    )


def is_led_astray(seen: Observation, target: Target) -> bool:
    """Whether the CA's certificate is there, and only the link to it is not what it should be.

    Browsers would show another in its place to nobody.
    """
    return begins_anew(seen, target) and not why_to_ask(seen, target)


def _has_live_files(seen: Observation, target: Target) -> bool:
    return all(str(file) in seen.entries for file in _live_files(target))


def _live_files(target: Target) -> list[Path]:
    return _pair(target.layout.lineage)


def _pair(folder: Path) -> list[Path]:
    return [folder / name for name in ("fullchain.pem", "privkey.pem")]


def server_of(target: Target) -> str:
    """The URL of the CA's directory."""
    return target.settings.tls_server or LETS_ENCRYPT


def accounts_of(target: Target) -> str:
    """Where certbot keeps the accounts with that CA: what the paths of them begin with."""
    url = urlsplit(server_of(target))
    return f"/etc/letsencrypt/accounts/{url.netloc}{url.path}/"


def renewal_of(target: Target) -> str:
    """The path of what certbot renews the certificate by."""
    return f"/etc/letsencrypt/renewal/{target.layout.user}.conf"


def _renewal(seen: Observation, target: Target) -> dict[str, str]:
    text = seen.texts.get(renewal_of(target), "")
    return dict(re.findall(r"^(\w+) = (.*)$", text, re.MULTILINE))
