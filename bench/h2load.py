"""h2load, nghttp2's load tool, on a host of the lab that asks another one."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from bench.measuring import CostError
from tests.lab import Host

INSTALL = """
export DEBIAN_FRONTEND=noninteractive
install='apt-get install -qq --no-install-recommends nghttp2-client'
$install || { apt-get -qq update && $install; }
"""
LOG = "/tmp/h2load"  # noqa: S108 - on a host of the lab
LIMIT = 300
LONGEST = 20
"""Seconds, for what takes one."""
TRIES = 5
KILLED = 128 + 9


@dataclass(frozen=True)
class Load:
    """What came of requests over HTTP/1.1, and kept connections."""

    seconds: list[float]
    """Each request's, to the end of its answer."""
    per_second: float


def install(client: Host) -> None:
    """Have it on the host that asks."""
    client.enter(INSTALL, timeout=LIMIT)


def load(client: Host, host: Host, paths: Sequence[str], *words: str) -> Load:
    """Ask a host for paths in turn, as often and over as many connections as h2load's words say.

    Raises CostError when there is another answer than 200, or no end of it.
    """
    command = ["h2load", "--h1", "-H", "accept-encoding: gzip", f"--connect-to={host.address}:80"]
    command += [f"--log-file={LOG}", *words, *(f"http://fooproject.se{path}" for path in paths)]
    # That of Debian 12 now and then spins for ever when its time is over.
    bounded = shlex.join(["timeout", "-s", "KILL", str(LONGEST), *command])
    for _ in range(TRIES):
        done = client.enter(f"rm -f {LOG} && {bounded} && cat {LOG}", check=False, timeout=LIMIT)
        if done.returncode != KILLED:
            break
    return read(done.stdout)


def read(output: str) -> Load:
    """What it has said, and its log after that."""
    rate = re.search(r"^finished in \S+, ([\d.]+) req/s", output, re.M)
    # Microseconds since 1970, the status, microseconds that it took.
    answers = re.findall(r"^\d+\t(-?\d+)\t(\d+)", output, re.M)
    failed = re.search(r"^requests: .* (\d+) failed, (\d+) errored, (\d+) timeout", output, re.M)
    if not rate or not answers or not failed or set(failed.groups()) != {"0"}:
        raise CostError(f"h2load: {output[-1000:]}")
    if others := {status for status, _ in answers} - {"200"}:
        raise CostError(f"h2load: answered {', '.join(sorted(others))}")
    return Load([int(took) / 1e6 for _, took in answers], float(rate[1]))
