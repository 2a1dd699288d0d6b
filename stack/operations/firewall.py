"""The firewall."""

from collections.abc import Sequence

from pyinfra import host, state
from pyinfra.api import operation

from stack.commands import firewall as commands
from stack.commands.files import put
from stack.commands.system import install
from stack.host.files import Declared, out_of_place
from stack.operations.diff import show
from stack.operations.order import is_asked_for_elsewhere
from stack.project.firewall import PACKAGE, told
from stack.project.target import Target
from stack.run import reach
from stack.run.changing import Commands, changing
from stack.state.firewall import files, is_on, not_needed, sent_by, shut_out, superfluous
from stack.state.reading import observe
from stack.state.scope import must_read


@operation()
def on(target: Target) -> Commands:
    """Have nobody let in but to SSH, and by what the host's projects serve.

    Whoever this project let in before stays let in until `closed`.
    """
    seen = observe(target)
    if is_on(seen, target):
        host.noop("the rules are as declared")
        return
    if not state.is_executing and (ports := shut_out(seen, target)):
        named = ", ".join(map(str, ports))
        host.log(f"Something listens on {named}, where no connection will be accepted")
    if PACKAGE not in seen.packages:
        yield from changing(target, [install([PACKAGE], held=[])])
    yield from _proven(target, files(seen, target, still_open=True))


@operation()
def closed(target: Target) -> Commands:
    """Have this project let in only those who are expected, where nobody counts on the others."""
    seen = observe(target)
    old = not_needed(seen, target)
    if old and is_asked_for_elsewhere([told(rule) for rule in old], sent_by(target)):
        host.noop("those of before may still be needed")
    elif old:
        yield from _proven(target, files(seen, target, still_open=False))
    else:
        host.noop("only those who are expected are let in")


def _proven(target: Target, declared: Sequence[Declared]) -> Commands:
    """Put rules in place once somebody has come in over them."""
    must_read(target, paths=[file.path for file in declared])
    entries = observe(target).entries
    wrong = out_of_place(declared, entries)
    show(wrong, entries)
    yield from changing(target, [commands.try_out(wrong)])
    if state.is_executing and (why := reach.anew()):
        ports = ", ".join(map(str, observe(target).ssh_ports)) or "none"
        line = (
            f"firewall: the host accepts no new SSH connection with it ({why}), so the previous "
            f"rules are back. The ports of its sshd are {ports}: connect to one of them, or leave "
            "firewall out."
        )
        yield from changing(target, [commands.take_back(line)])
        return
    yield from changing(target, [*([put(wrong)] if wrong else []), commands.keep()])


@operation()
def off(target: Target) -> Commands:
    """Have no rules of ours, where no project of the host asks for them."""
    if old := superfluous(observe(target), target):
        yield from changing(target, [commands.remove(old)])
    else:
        host.noop("there are no rules of ours")
