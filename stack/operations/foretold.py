"""Refusals that a plan tells already."""

from collections.abc import Generator

from pyinfra import host, state
from pyinfra.api import StringCommand

from stack.commands.system import refuse


def refuse_foretold(problem: str, who: str = "") -> Generator[StringCommand, None, None]:
    """Refuse to go on, in a run; and have its plan say so.

    Args:
        problem: what is wrong, and what to write.
        who: what stands before it in the run.
    """
    foretell(problem)
    yield refuse(f"{who}{problem}")


def foretell(problem: str) -> None:
    """Have a plan say what the host will refuse by itself.

    Args:
        problem: what is wrong, and what to write.
    """
    if not state.is_executing:
        host.log(f"This will fail: {problem}")
