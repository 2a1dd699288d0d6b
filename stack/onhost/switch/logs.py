"""What a program has logged."""

from pathlib import Path

TRACEBACK = "Traceback (most recent call last):"
CHAINED = "During handling of the above exception, another exception occurred:"
MOST_BYTES = 500_000
"""From its end; what is in it is the project's, and may be without end."""
HALTED = "gunicorn.errors.HaltServer:"


def lines_since(log: Path, offset: int = 0) -> list[str]:
    """The last lines written after `offset` bytes; of all of a log that was rotated since."""
    if not log.exists():
        return []
    with log.open("rb") as lines:
        size = log.stat().st_size
        lines.seek(max(offset if offset <= size else 0, size - MOST_BYTES))
        return without_halts(lines.read(MOST_BYTES).decode(errors="replace").splitlines())


def without_halts(lines: list[str]) -> list[str]:
    """Leave out Gunicorn's tracebacks of its own ending.

    When a worker ends while the arbiter already stops, it prints how it stopped, at a length that
    would push the project's own error out of sight.
    """
    kept: list[str] = []
    begun: int | None = None
    for line in lines:
        if line == TRACEBACK:
            begun = len(kept)
        kept.append(line)
        if begun is not None and line.startswith(HALTED):
            del kept[begun:]
            begun = None
            while kept and kept[-1] in ("", CHAINED):
                kept.pop()
    return kept
