"""The certificate that a host has from a CA: pure functions of what was read."""

import re
from collections.abc import Sequence

from stack.host.certificate import Certificate, certificate_in
from stack.host.files import File
from stack.host.observation import Observation, Unit
from stack.project.certbot import (
    BEFORE,
    accounts_of,
    folders_of,
    former_paths,
    given_chain,
    lineage_of,
    live_files,
    pair,
    renewal_of,
    renewing,
    server_of,
)
from stack.project.leaving import Belongings
from stack.project.nginx_files import enabled
from stack.project.target import Target
from stack.state.neighbours import served_by

TIMER = "certbot.timer"


def certificate_of(seen: Observation, target: Target) -> Certificate | None:
    """The one that is wanted: what the CA has given the host, or what the settings have."""
    if target.settings.tls == "files":
        return certificate_in(target.settings.tls_certificate.get_secret_value())
    return certificate_in(seen.texts.get(given_chain(target), ""))


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
        return f"tls_certificate: has expired, on {certificate.day}; set it to one that has not."
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
    files = [seen.entries.get(str(file)) for file in live_files(target)]
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


def former(seen: Observation, target: Target) -> list[str]:
    """What is there of a certificate that another value of `tls` has brought, and that goes.

    A person may have one of certbot's by the project's name: ours is the one whose challenges lie
    in our folder. What the settings' own lines for Nginx name stays for as long as they do.
    """
    layout, entries = target.layout, seen.entries
    lines = target.files.own_lines
    is_named = any(f"{folder}/" in lines for folder in folders_of(target))
    if target.is_certified or target.leaves or is_named:
        return []
    challenges = str(layout.challenges)
    is_ours = _renewal(seen, target).get("webroot_path", "").strip(", ") == challenges
    has_come = is_ours or challenges in entries
    current = entries.get(str(layout.certificates / "current"))
    has_been_served = current is not None and current.target in (*BEFORE, str(layout.lineage))
    if not has_come and not has_been_served:
        return []
    theirs = {*(() if is_ours else lineage_of(target)), *(() if has_come else renewing(target))}
    return [path for path in former_paths(target) if path in entries and path not in theirs]


def of_others(paths: Sequence[str], seen: Observation, target: Target) -> list[str]:
    """Of files that name the certificate, those of others than the project."""
    sites = [target.files.site_file, *filter(None, [served_by(seen, target)])]
    ours = {*sites, *map(enabled, sites), *Belongings(target.layout).nginx}
    return [path for path in paths if path not in ours]


def has_one_to_begin_with(seen: Observation, target: Target) -> bool:
    """Whether there is any certificate, without which Nginx does not start."""
    link = seen.entries.get(str(target.layout.certificates / "current"))
    if link is None or link.kind != "link":
        return False
    if link.target in BEFORE:
        files = pair(target.layout.certificates / link.target)
        return all(str(file) in seen.entries for file in files)
    return link.target == str(target.layout.lineage) and _has_live_files(seen, target)


def still_leads(seen: Observation, target: Target) -> list[File]:
    """What has visitors led to HTTPS while the CA's certificate is still to come; nothing where
    the host's own, which browsers show to nobody, is all that there is until then."""
    folder = target.layout.certificates
    link = seen.entries.get(str(folder / "current"))
    is_of_settings = link is not None and (link.kind, link.target) == ("link", "files")
    if not target.is_certified or not is_of_settings or not has_one_to_begin_with(seen, target):
        return []
    return [File(str(folder / "trusted"), "")]


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
    return all(str(file) in seen.entries for file in live_files(target))


def _renewal(seen: Observation, target: Target) -> dict[str, str]:
    text = seen.texts.get(renewal_of(target), "")
    return dict(re.findall(r"^(\w+) = (.*)$", text, re.MULTILINE))
