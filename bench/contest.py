"""Other tools and ours, each to do the same work, in turns. `make bench`, as root."""

import argparse
import os
import platform
import shlex
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from bench import sameness
from bench.contenders import tools
from bench.contenders.contender import SOCKETS, Contender, Release
from bench.measuring import REPOSITORY, Cost, CostError, cost
from bench.page import CHART, PAGE, page
from bench.preparing import FRESH, FRESHEN, HOSTS, Preparation, bare_host
from bench.results import Results, Sample, read
from tests.e2e.load import Tally, Visitors
from tests.e2e.load import page as a_page
from tests.lab import Host, Lab, LabError

LAB, SUBNET = "bench", "10.99.60"
ROUNDS = {"nothing": 5, "release": 3, "bare": 2}
REST_SECONDS = 0.5


def main(arguments: list[str] | None = None) -> int:
    """Measure, and write the page; return the exit code."""
    options = parser().parse_args(arguments)
    path = tools.folder() / "results.json"
    try:
        results = read(path) if options.resume or options.page else Results(path)
        installed = tools.install()
        if not options.page:
            measure(results, installed, dict(options.kinds) or ROUNDS)
        write(results, installed)
    except (CostError, LabError, AssertionError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 1
    return 0


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.contest", description=__doc__)
    usual = " ".join(f"{kind}={rounds}" for kind, rounds in ROUNDS.items())
    parser.add_argument(
        "kinds", nargs="*", type=kind, metavar="KIND[=ROUNDS]", help=f"without any: {usual}"
    )
    parser.add_argument("--resume", action="store_true", help="go on with what was measured before")
    parser.add_argument("--page", action="store_true", help="write the page alone")
    return parser


def kind(word: str) -> tuple[str, int]:
    """What is to be measured, and how often."""
    name, _, rounds = word.partition("=")
    if name not in ROUNDS or not (rounds or "1").isdigit():
        raise argparse.ArgumentTypeError(f"{word!r}: expected one of {', '.join(ROUNDS)}, or =2")
    return name, int(rounds or ROUNDS[name])


def measure(results: Results, installed: tools.Tools, rounds: Mapping[str, int]) -> None:
    """Take the samples that are missing."""
    results.made = made(installed)
    with (
        tempfile.TemporaryDirectory(prefix="bench") as folder,
        Lab(LAB, SUBNET) as lab,
        connections(Path(folder) / SOCKETS),
    ):
        contest = Contest(Path(folder), lab, installed, results)
        contest.prepare(HOSTS if "nothing" in rounds else 1)
        for name, number in rounds.items():
            contest.run(name, number)


class Contest:
    """Contenders with their hosts."""

    def __init__(self, folder: Path, lab: Lab, installed: tools.Tools, results: Results) -> None:
        """Without any host yet."""
        self.folder, self.lab, self.tools, self.results = folder, lab, installed, results
        self.preparation = Preparation(folder)
        self.first = self.preparation.release("first", "Guestbook 0")

    def prepare(self, hosts: int) -> None:
        """Have all hosts in the same state, each by its own contender."""
        say("Hosts")
        self.whose: dict[str, Sequence[Host]] = {
            name: self.lab.hosts(hosts if name != "hand" else 1, prefix=name)
            for name in ("ours", "ansible", "stock", "hand")
        }
        for host in self._every():
            host.enter(FRESHEN)
        self.many = self._contenders("many", self.whose)
        self.single = self._contenders("single", {k: v[:1] for k, v in self.whose.items()})
        say("All of them in the same state")
        with ThreadPoolExecutor() as pool:
            # A list, so that what went wrong in any of them is raised here.
            list(pool.map(lambda one: self._cost(one, one.deploys(self.first)), self._of_whose()))
        self.expected = sameness.seen(self.whose["ours"][0], self.first)
        for host in self._every():
            sameness.compare(self.expected, sameness.seen(host, self.first), host.name)

    def run(self, kind: str, rounds: int) -> None:
        """All rounds of a kind."""
        say(f"{kind}, {rounds} rounds")
        how = {"nothing": self._nothing, "release": self._release, "bare": self._bare}[kind]
        contenders = {
            "nothing": [one for one in self.many if one.name != "hand"],
            "release": [one for one in self.single if one.name not in ("plan", "floor")],
        }
        if kind == "bare":
            host = bare_host(self.lab, self.whose["ours"][0])
            on_bare = self._contenders("bare", {name: [host] for name in self.whose})
            contenders[kind] = [one for one in on_bare if one.name not in ("plan", "floor")]
        for number in range(rounds):
            shift = number % len(contenders[kind])
            for one in contenders[kind][shift:] + contenders[kind][:shift]:
                if not self.results.has(kind, one.name, number):
                    self.others = busy()
                    how(one, number)

    def _nothing(self, contender: Contender, number: int) -> None:
        before = [sameness.processes(host) for host in contender.hosts]
        sample = self._sample("nothing", contender, number, contender.deploys(self.first))
        if before != [sameness.processes(host) for host in contender.hosts]:
            raise CostError(f"{contender.name} has restarted something, with nothing to do")
        self.results.add(sample)

    def _release(self, contender: Contender, number: int) -> None:
        release = self.preparation.release(f"r{number}-{contender.name}", f"Guestbook {number + 1}")
        with Visitors(contender.hosts[0], kinds=[a_page], pause=0.1) as tally:
            command = contender.deploys(release)
            sample = self._sample("release", contender, number, command, tally)
        self._check(contender, release)
        self.results.add(sample)

    def _bare(self, contender: Contender, number: int) -> None:
        hang_up(self.folder / SOCKETS)
        contender.hosts[0].reset(to=FRESH)
        contender.hosts[0].enter(FRESHEN)
        sample = self._sample("bare", contender, number, contender.deploys(self.first))
        self._check(contender, self.first)
        self.results.add(sample)

    def _check(self, contender: Contender, release: Release) -> None:
        expected = self.expected | {
            "page": self.expected["page"].replace(self.first.title, release.title)
        }
        seen = sameness.seen(contender.hosts[0], release)
        sameness.compare(expected, seen, contender.name)

    def _sample(
        self,
        kind: str,
        contender: Contender,
        number: int,
        command: list[str],
        tally: Tally | None = None,
    ) -> Sample:
        """Measure; it counts once the host was found as it should be."""
        before = tally.sent if tally else 0
        took = self._cost(contender, command)
        met = (tally.sent - before, len(tally.failed)) if tally else (0, 0)
        told = f", {met[1]} of {met[0]} requests failed" if tally else ""
        print(f"{kind} {number} {contender.name}: {took.seconds:.2f} s{told}", flush=True)
        return Sample(
            kind, contender.name, number, took.seconds, took.cpu_seconds, self.others, *met
        )

    def _cost(self, contender: Contender, command: list[str]) -> Cost:
        output = self.folder / f"{contender.name}.out"
        return cost(command, output, environment=contender.environment)

    def _of_whose(self) -> list[Contender]:
        """One contender for each of those who have hosts of their own."""
        return [one for one in self.many if one.name in self.whose]

    def _contenders(self, name: str, whose: Mapping[str, Sequence[Host]]) -> list[Contender]:
        return self.preparation.contenders(name, self.lab, self.tools, whose)

    def _every(self) -> Iterator[Host]:
        for hosts in self.whose.values():
            yield from hosts


@contextmanager
def connections(sockets: Path) -> Iterator[None]:
    """Leave no connection of Ansible's behind."""
    try:
        yield
    finally:
        hang_up(sockets)


def hang_up(sockets: Path) -> None:
    """End what Ansible's ssh keeps open for the next run."""
    for socket in sockets.glob("*"):
        command = ["ssh", "-o", f"ControlPath={socket}", "-O", "exit", "any"]
        subprocess.run(command, capture_output=True)


def busy() -> float:
    """How many cores are busy while the bench does nothing."""
    before, started = _busy_seconds(), time.monotonic()
    time.sleep(REST_SECONDS)
    return (_busy_seconds() - before) / (time.monotonic() - started)


def _busy_seconds() -> float:
    words = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
    user, nice, system, _, _, irq, softirq, _ = (int(word) for word in words)
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def made(installed: tools.Tools) -> dict[str, str]:
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
        **installed.versions,
    }


def write(results: Results, installed: tools.Tools) -> None:
    """Have the page and its chart say what was measured."""
    PAGE.write_text(page(results))
    command = [
        str(installed.programs / "python"),
        "-m",
        "bench.chart",
        str(results.path),
        str(CHART),
    ]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    if done.returncode:
        raise CostError(f"{shlex.join(command)}: {done.stderr[-2000:]}")
    print(f"{PAGE.relative_to(REPOSITORY)}, {CHART.relative_to(REPOSITORY)}, {results.path}")


def say(title: str) -> None:
    print(f"=== {title}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
