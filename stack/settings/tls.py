"""HTTPS: how the site's names get their certificate."""

from collections.abc import Collection, Iterator, Mapping

from stack.host.certificate import belongs_to, certificate_in
from stack.inventory.roles import APP, LB, Roles, playing
from stack.settings.model import Settings
from stack.settings.network import is_address
from stack.settings.problem import Problem, shown
from stack.settings.secret import are_read


def public_hosts(roles: Roles) -> list[str]:
    """The hosts that visitors come to: the balancers, else the app hosts."""
    return playing(LB, roles) or playing(APP, roles)


def tls_problems(settings: Mapping[str, Settings], roles: Roles) -> Iterator[Problem]:
    """What keeps the hosts that visitors come to from having their certificate."""
    apps, public = playing(APP, roles), public_hosts(roles)
    balancers = playing(LB, roles)
    for host in public:
        site = settings[apps[0]] if apps and balancers else settings[host]
        for problem in _problems(settings[host], (*site.server_name, *site.redirect_names)):
            yield Problem(problem.setting, problem.text, (host,))
        if settings[host].tls == "acme" and len(public) > 1 and not settings[host].address:
            text = (
                "address: is missing; expected the IP address by which the other hosts reach it: "
                "the CA may ask any of them"
            )
            yield Problem("address", text, (host,))


def _problems(its: Settings, names: Collection[str]) -> Iterator[Problem]:
    if its.tls == "acme":
        if bad := [name for name in names if not _can_be_certified(name)]:
            setting = "redirect_names" if bad[0] in its.redirect_names else "server_name"
            text = (
                f"{setting} = {shown(bad[0])}: by HTTP a CA certifies only a public host name; "
                'set tls = "files" with a certificate from elsewhere, or leave the name out'
            )
            yield Problem(setting, text)
    elif its.tls == "files":
        given = {
            "tls_certificate": bool(its.tls_certificate),
            "tls_key": bool(its.tls_key),
        }
        for name in given:
            if not given[name]:
                text = f'{name}: is missing; expected it beside tls = "files": from_file("…")'
                yield Problem(name, text)
        if all(given.values()) and are_read(its.tls_certificate, its.tls_key):
            yield from _of_files(its, names)


def _can_be_certified(name: str) -> bool:
    return name != "_" and not set("*[") & set(name) and name[0] != "." and not is_address(name)


def _of_files(its: Settings, names: Collection[str]) -> Iterator[Problem]:
    pem = its.tls_certificate.get_secret_value()
    certificate = certificate_in(pem)
    if certificate is None:
        text = (
            "tls_certificate: is not a PEM certificate; expected the site's certificate "
            "followed by its chain"
        )
        yield Problem("tls_certificate", text)
        return
    try:
        is_its = belongs_to(its.tls_key.get_secret_value(), pem)
    except ValueError:
        yield Problem("tls_key", "tls_key: is not a PEM private key without a password")
        return
    if not is_its:
        yield Problem("tls_key", "tls_key: does not belong to the first of tls_certificate")
    known = certificate.names
    if lost := [name for name in names if not _is_covered(name, known)]:
        has = f"is for {', '.join(sorted(known))}" if known else "names no host (subjectAltName)"
        text = f"tls_certificate: {has}, and not for {', '.join(lost)}"
        yield Problem("tls_certificate", text)


def _is_covered(name: str, known: Collection[str]) -> bool:
    if not _can_be_certified(name.removeprefix("*.")):
        return True  # none has such a name, and Nginx may serve it all the same
    name = name.lower()
    return name in known or f"*.{name.partition('.')[2]}" in known
