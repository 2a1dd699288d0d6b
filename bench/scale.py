"""What plans and rollouts over many hosts cost their controller. `make scale`, as root."""

import json
import os
import platform
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

from paramiko import HostKeys

from bench.addresses import addresses, inventory, known_hosts
from bench.measuring import Cost, CostError, cheaper, cost, table
from tests.e2e.controller import PYINFRA, SAMPLE, Controller
from tests.lab import Host, Lab, LabError
from tests.unit import fake_hosts

LAB, SUBNET = "scale", "10.99.40"
HOSTS = 4
PLANS = 1, 25, 50, 100, 200
ROLLOUTS = 1, 50, 100, 200, 1000
KNOWN = 200, 1000
ROUNDS = 2
WAIT_SECONDS = 5
LOOKED_UP = 20


def main() -> int:
    """Measure and print; return the exit code."""
    print(
        f"pyinfra {version('pyinfra')}, Python {platform.python_version()}, "
        f"{os.cpu_count()} cores\n"
    )
    try:
        with tempfile.TemporaryDirectory() as folder:
            rollouts(Path(folder))
            host_keys(Path(folder))
            with Lab(LAB, SUBNET) as lab:
                plans(Path(folder), lab)
    except (CostError, LabError) as error:
        print(f"scale: {error}", file=sys.stderr)
        return 1
    return 0


def rollouts(folder: Path) -> None:
    """Rollouts of deploy.py over hosts that are not there."""
    say("Rollouts, whole, with no host behind and no gate: the controller's own work")
    for title, is_broken in (("good", False), ("one host fails", True)):
        costs = {}
        for count in ROLLOUTS:
            # In the last wave, so that all before it go back.
            broken = count if is_broken else 0
            (folder / "fake.py").write_text(fake_hosts.inventory(count, broken, gate_seconds=0))
            # A single host has no rollout: that its switch fails ends the run all the same.
            costs[count] = run(folder, "fake.py", "deploy.py", "-y", expected=int(is_broken))
        tell(table(title, costs))


def host_keys(folder: Path) -> None:
    """What reading a known_hosts file, and looking up each of its hosts, takes of the CPU."""
    say("A known_hosts file, one key a host: seconds to read it and to look up each host")
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBgaj5e0MhC8eBFM20P9faaUnNrPD0JIxFbSoymz146H"
    lines = ["| hosts | plain | hashed |", "| ---: | ---: | ---: |"]
    for count in KNOWN:
        names = [f"10.0.{number // 250}.{number % 250 + 1}" for number in range(count)]
        seconds = []
        for written in (names, [HostKeys.hash_host(name) for name in names]):
            (folder / "keys").write_text("".join(f"{name} {key}\n" for name in written))
            started = time.process_time()
            keys = HostKeys(str(folder / "keys"))
            read = time.process_time()
            some = names[:: count // LOOKED_UP]
            for name in some:
                keys.lookup(name)
            each = (time.process_time() - read) / len(some)
            seconds.append(f"{read - started + each * count:.1f}")
        lines.append(f"| {count} | {' | '.join(seconds)} |")
    tell("\n".join(lines))


def plans(folder: Path, lab: Lab) -> None:
    """Plans of deploy.py over SSH, and what it takes to wait for hosts."""
    hosts = lab.hosts(HOSTS)
    Controller(folder, lab, hosts).apply()
    whose = addresses(lab, hosts, max(PLANS))
    (folder / "known_hosts").write_text(known_hosts(lab, whose))
    say(
        f"Over SSH, at so many addresses of {HOSTS} hosts, which work on the same cores: their\n"
        "part is in the wall time, not in the controller's CPU"
    )
    kinds = {
        "connect and say true": ("exec", "--", "true"),
        "plan, nothing to change": ("deploy.py", "--dry", "--json"),
        "plan, workers=5": ("deploy.py", "--dry", "--json", "--data", "workers=5"),
    }
    for title, words in kinds.items():
        costs = {}
        for count in PLANS:
            write_inventory(folder, whose, count)
            costs[count] = cheaper(run(folder, "many.py", *words) for _ in range(ROUNDS))
            if "--json" in words:
                check_plan(folder, count if "--data" in words else 0)
        tell(table(title, costs))
    say(f"Waiting {WAIT_SECONDS} s for each of {max(PLANS)} hosts, so many at a time")
    write_inventory(folder, whose, max(PLANS))
    for parallel in (20 * (os.cpu_count() or 1), max(PLANS)):
        wait = ["--parallel", str(parallel), "--", "sleep", str(WAIT_SECONDS)]
        seconds = run(folder, "many.py", "exec", *wait).seconds
        print(f"{parallel:4}  {seconds:.0f} s", flush=True)


def write_inventory(folder: Path, whose: dict[str, Host], count: int) -> None:
    text = inventory(whose, count, folder / "known_hosts", SAMPLE)
    (folder / "many.py").write_text(text)


def run(folder: Path, inventory: str, *words: str, expected: int = 0) -> Cost:
    """Run pyinfra; its output is in the folder."""
    return cost([*PYINFRA, folder / inventory, *words], folder / "output", expected)


def check_plan(folder: Path, changed: int) -> None:
    """Raise CostError unless the plan has something for so many hosts."""
    plan = json.loads((folder / "output").read_text())["plan"]
    found = {host for operation in plan for host in operation["hosts_with_change"]}
    if len(found) != changed:
        raise CostError(f"the plan is to change {len(found)} hosts, not {changed}")


def say(title: str) -> None:
    print(f"=== {title}\n", flush=True)


def tell(lines: str) -> None:
    print(f"{lines}\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
