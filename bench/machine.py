"""The machine that a bench runs on: what it is, and how busy it is with other things."""

import os
import platform
import subprocess
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from bench.measuring import REPOSITORY

REST_SECONDS = 0.5


def busy() -> float:
    """How many cores are busy while the bench does nothing."""
    before, started = _busy_seconds(), time.monotonic()
    time.sleep(REST_SECONDS)
    return (_busy_seconds() - before) / (time.monotonic() - started)


def _busy_seconds() -> float:
    words = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, _, _, irq, softirq, _ = (int(word) for word in words)
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def made(versions: Mapping[str, str]) -> dict[str, str]:
    """When, where and with what."""
    cpu = next(
        (
            line.partition(":")[2]
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=REPOSITORY, capture_output=True, text=True
    ).stdout.strip()
    return {
        "date": date.today().isoformat(),
        "machine": f"{' '.join(cpu.split())}, {os.cpu_count()} cores, {memory:.0f} GB",
        "commit": commit,
        "Python": platform.python_version(),
        **versions,
    }
