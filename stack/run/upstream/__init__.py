"""What is used of pyinfra, paramiko and gevent beyond their public interfaces.

All of it stands here, each with what it is for and what upstream would need in its place: a new
version of theirs is checked against these files, and tests/unit/test_upstream.py says what is gone.
"""

from collections.abc import Iterator

from stack.run.upstream import arguments, command_line, output, plans, ssh, streams, sudo


def private_names() -> Iterator[tuple[object, str]]:
    """What is touched here, by what has it: so that a test tells what a new version lacks.

    Asked within a run, whose own host has what none has before it is made.
    """
    # Imported late: pyinfra's command line puts gevent in the place of much that is imported after.
    from stack.run.upstream import ending

    for module in (arguments, command_line, ending, plans, output, ssh, streams, sudo):
        yield from module.private_names()
