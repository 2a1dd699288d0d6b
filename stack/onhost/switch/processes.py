"""What /proc tells of a process, whose owner says how much there is to read.

A process may have its environment begin and end wherever it likes in its memory
(PR_SET_MM_MAP), and that may be more than the host has.
"""

from pathlib import Path

MOST_BYTES = 6 << 20
"""Of an environment: the kernel starts no program with more."""


def environment(pid: int | str) -> bytes:
    """That with which a process was started, for `variable`.

    Raises:
        OSError: there is no such process, or none that may be asked.
    """
    with Path(f"/proc/{pid}/environ").open("rb") as text:
        return text.read(MOST_BYTES)


def variable(environment: bytes, name: str) -> str | None:
    """The value of a variable; None when it is not there."""
    # To look at them one by one would take long: they may be millions.
    _, found, rest = (b"\0" + environment).partition(f"\0{name}=".encode())
    return rest.partition(b"\0")[0].decode(errors="replace") if found else None
