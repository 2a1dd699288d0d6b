"""What a command costs, and tables of it over growing numbers of hosts."""

import os
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Cost:
    """Of one process with all that it has waited for: here the controller alone."""

    seconds: float
    cpu_seconds: float
    peak_bytes: int


class CostError(Exception):
    """A command did not end as it should: one line, and the end of what it said."""


def cost(
    command: Sequence[str | Path],
    output: Path,
    expected: int = 0,
    environment: Mapping[str, str] | None = None,
) -> Cost:
    """Run a command, its standard output and error into files; `environment` is added to ours.

    Raises CostError when it ends with another exit code than expected.
    """
    said = output.with_suffix(".err")
    started = time.monotonic()
    with output.open("w") as out, said.open("w") as error:
        process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env={**os.environ, "NO_COLOR": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=error,
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            # Ctrl-C, of which a command that was started in the background knows nothing.
            process.terminate()
            process.wait()
            raise
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != expected:
        told = output.read_text()[-3000:] + said.read_text()[-3000:]
        raise CostError(f"exit code {process.returncode} after\n{told}")
    return Cost(time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def cheaper(costs: Iterable[Cost]) -> Cost:
    """The run that the rest of the machine has disturbed least."""
    return min(costs, key=lambda one: one.cpu_seconds)


def table(title: str, costs: dict[int, Cost]) -> str:
    """A Markdown table of costs by the number of hosts, the first of which is one.

    What a host costs is told without what the first does, since most of that is pyinfra's start;
    the last column compares it with what it costs among the fewest.
    """
    lines = [
        f"| {title}: hosts | wall s | CPU s | CPU ms a host | peak MB | kB a host | growth |",
        "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    alone, fewest = costs[1], sorted(costs)[1]

    def each(count: int) -> float:
        return (costs[count].cpu_seconds - alone.cpu_seconds) / (count - 1)

    for count, one in costs.items():
        cells = [f"{count}", f"{one.seconds:.1f}", f"{one.cpu_seconds:.1f}"]
        peak = f"{one.peak_bytes / 1e6:.0f}"
        if count == 1:
            cells += ["", peak, "", ""]
        else:
            memory = (one.peak_bytes - alone.peak_bytes) / (count - 1)
            cells += [f"{each(count) * 1e3:.0f}", peak, f"{memory / 1e3:.0f}"]
            cells += [f"{each(count) / each(fewest):.2f}"]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
