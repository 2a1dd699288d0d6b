"""The firewall."""

from pyinfra import host, state
from pyinfra.api import operation

from stack.commands import firewall as commands
from stack.commands.files import put
from stack.commands.system import install
from stack.host.files import out_of_place
from stack.operations.diff import show
from stack.operations.order import is_asked_for_elsewhere
from stack.project.firewall import PACKAGE, told
from stack.project.target import Target
from stack.run import reach
from stack.run.changing import Commands, changing
from stack.state.firewall import (
    files,
    is_as_asked,
    is_on,
    is_wanted,
    not_needed,
    sent_by,
    shut_out,
    stand_ins,
    superfluous,
)
from stack.state.reading import observe
from stack.state.scope import must_read


@operation()
def as_asked(target: Target) -> Commands:
    """Have nobody let in but to SSH and by what the host's projects serve, where one asks for it.

    Whoever this project let in before stays let in until `closed`.
    """
    if is_as_asked(observe(target), target):
        host.noop("the rules are as declared, or nobody asks for any")
    else:
        yield from _made_as_asked(target)


@operation()
def closed(target: Target) -> Commands:
    """Have this project let in only those who are expected, where nobody counts on the others.

    A plan does not have what other runs do to the host before this one has come to its end.
    """
    if state.is_executing and not is_as_asked(observe(target), target):
        yield from _made_as_asked(target)
    seen = observe(target)
    old = not_needed(seen, target) if is_wanted(seen, target) else []
    if old and is_asked_for_elsewhere([told(rule) for rule in old], sent_by(target)):
        host.noop("those of before may still be needed")
    elif old:
        yield from _proven(target, still_open=False)
    else:
        host.noop("only those who are expected are let in")


def _made_as_asked(target: Target) -> Commands:
    seen = observe(target)
    if is_wanted(seen, target):
        yield from _on(target)
    else:
        yield from changing(target, [commands.remove(target.layout, superfluous(seen, target))])


def _on(target: Target) -> Commands:
    seen = observe(target)
    if not state.is_executing and (ports := shut_out(seen, target)):
        named = ", ".join(map(str, ports))
        host.log(f"Something listens on {named}, where no connection will be accepted")
    if PACKAGE not in seen.packages:
        yield from changing(target, [install([PACKAGE], held=[])])
    yield from _proven(target, still_open=True)
    # A neighbour whose own run ended before there were rules has seen none to be added to.
    if state.is_executing and not is_on(observe(target), target):
        yield from _proven(target, still_open=True)


def _proven(target: Target, still_open: bool) -> Commands:
    """Put rules in place once somebody has come in over them.

    Args:
        target: what the host is to be.
        still_open: with the project's rules of before.
    """
    seen = observe(target)
    declared, theirs = files(seen, target, still_open), stand_ins(seen, target)
    must_read(target, paths=[file.path for file in [*declared, *(file for file, _ in theirs)]])
    wrong = out_of_place(declared, seen.entries)
    show([*(file for file, _ in theirs), *wrong], seen.entries)
    yield from changing(target, [commands.try_out(wrong, theirs)])
    if state.is_executing and (why := reach.anew()):
        ports = ", ".join(map(str, observe(target).ssh_ports)) or "none"
        line = (
            f"firewall: the host accepts no new SSH connection with it ({why}), so the previous "
            f"rules are back. The ports of its sshd are {ports}: connect to one of them, or leave "
            "firewall out."
        )
        yield from changing(target, [commands.take_back(line)])
        return
    paths = [file.path for file in [*wrong, *(file for file, _ in theirs)]]
    todo = [put(wrong)] if wrong else []
    todo += [commands.stand_in(theirs)] if theirs else []
    yield from changing(target, [*todo, commands.keep(paths)])
