"""HTTPS."""

from pyinfra import host, state
from pyinfra.api import StringCommand, operation

from stack.commands import leaving
from stack.commands import tls as commands
from stack.facts.named import NamedInEtc
from stack.project.certbot import folders_of
from stack.project.leaving import Belongings
from stack.project.target import Target
from stack.run.changing import Commands, changing
from stack.state.certificates import (
    former,
    has_one_to_begin_with,
    is_led_astray,
    is_lost,
    is_served,
    of_others,
    renews_itself,
    why_to_ask,
)
from stack.state.reading import observe, read_once


@operation()
def begun(target: Target, without_end: bool = False) -> Commands:
    """Have some certificate: without one Nginx does not start, and cannot answer a CA.

    Args:
        target: what the host is to be.
        without_end: see `certified`.
    """
    seen = observe(target)
    if has_one_to_begin_with(seen, target):
        host.noop("there is a certificate")
    elif is_lost(seen, target):
        # Asked for now: without its files Nginx takes nothing new, and so no release.
        yield from changing(target, _asking(target, without_end))
    elif is_led_astray(seen, target):
        yield from changing(target, [commands.lead_to_it(target)])
    else:
        yield from changing(target, [commands.make_own(target)])


@operation()
def certified(target: Target, without_end: bool = False) -> Commands:
    """Have the site's names certified by the CA, for as long as they are served.

    Args:
        target: what the host is to be.
        without_end: however often the CA has done that of late.
    """
    seen = observe(target)
    why = why_to_ask(seen, target)
    is_fine = not why and is_served(seen, target) and renews_itself(seen, target)
    if is_fine or is_lost(seen, target) or is_led_astray(seen, target):
        host.noop("the names are certified, or will be by now")
        return
    if why and not state.is_executing:
        host.log(f"The CA will be asked for a certificate: {why}")
    yield from changing(target, _asking(target, without_end) if why else commands.serve(target))


@operation()
def forgotten(target: Target) -> Commands:
    """Have nothing of a certificate that settings no longer ask for, and nothing renew it."""
    if paths := left(target):
        if not state.is_executing:
            host.log(f"Will be removed: {', '.join(paths)}")
        yield from changing(target, [leaving.certificates(Belongings(target.layout), paths)])
    else:
        host.noop("there is none")


def left(target: Target) -> list[str]:
    """What there is of such a certificate, unless something else on the host needs it."""
    seen = observe(target)
    paths = former(seen, target)
    if not paths:
        return []
    folders = folders_of(target)
    named = read_once(NamedInEtc, lambda: host.get_fact(NamedInEtc, folders=folders))
    if theirs := of_others(named, seen, target):
        if not state.is_executing:
            host.log(f"The former certificate stays, since {', '.join(theirs)} names it")
        return []
    return paths


def _asking(target: Target, without_end: bool) -> list[StringCommand]:
    return [commands.certify(target, without_end), *commands.serve(target)]
