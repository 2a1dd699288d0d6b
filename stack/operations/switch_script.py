"""The script that puts releases live, and what is written down of the project beside it."""

from pyinfra import host, state
from pyinfra.api import operation

from stack.commands import release as commands
from stack.commands.files import Check
from stack.commands.rollout import watch
from stack.commands.system import refuse
from stack.facts.others_written import OthersWritten
from stack.operations import files
from stack.project.target import Target
from stack.run.changing import Commands, nothing_changed
from stack.state.live import has_another_page
from stack.state.placement import place
from stack.state.reading import forget, observe
from stack.state.refusal import refusals
from stack.state.served import script_before_a_switch


@operation()
def kept(target: Target) -> Commands:
    """Have the script that puts releases live, as it is to be until this release is."""
    here = place(target, observe(target))
    wanted = script_before_a_switch(here)
    check = Check(watch(target.layout, 0)) if has_another_page(here) else None
    yield from files.in_place._inner(target=target, files=wanted, check=check)


@operation()
def announced(target: Target) -> Commands:
    """Have it written down what the project has of the host, before it takes any of that.

    From then on other projects' runs leave it alone. Two that come at the same moment would each
    find the host free: so nobody is written down beside others than those that were read.
    """
    user = target.layout.user
    if not state.is_executing:
        yield from kept._inner(target=target)
        return
    digest = host.get_fact(OthersWritten, user=user)
    forget()
    seen = observe(target)
    if lines := [*refusals(seen, target)]:
        yield refuse("\n".join(f"{host.name}: {line} {nothing_changed()}" for line in lines))
        return
    check = Check(commands.others_unchanged(target.layout, digest))
    wanted = script_before_a_switch(place(target, seen))
    yield from files.in_place._inner(target=target, files=wanted, check=check)
