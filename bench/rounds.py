"""Contenders on hosts of their own, each of which does the same work in its turn."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.contenders.contender import Contender
from bench.contenders.sockets import SOCKETS, hang_up
from bench.contenders.tools import Tools
from bench.machine import busy
from bench.measuring import Cost, cost
from bench.preparing import FRESH, FRESHEN, Preparation, bare_host
from bench.results import Results, Sample
from bench.sameness import Expected, nothing_restarted
from tests.e2e.load import Tally, Visitors
from tests.e2e.load import page as a_page
from tests.lab import Host, Lab


class Rounds:
    """Contenders with their hosts, to be measured in turns."""

    def __init__(self, folder: Path, lab: Lab, installed: Tools, results: Results) -> None:
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
        self.expected = Expected(self.whose["ours"][0], self.first)
        for host in self._every():
            self.expected.check(host, self.first, host.name)

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
        with nothing_restarted(contender.hosts, contender.name):
            sample = self._sample("nothing", contender, number, contender.deploys(self.first))
        self.results.add(sample)

    def _release(self, contender: Contender, number: int) -> None:
        release = self.preparation.release(f"r{number}-{contender.name}", f"Guestbook {number + 1}")
        with Visitors(contender.hosts[0], kinds=[a_page], pause=0.1) as tally:
            command = contender.deploys(release)
            sample = self._sample("release", contender, number, command, tally)
        self.expected.check(contender.hosts[0], release, contender.name)
        self.results.add(sample)

    def _bare(self, contender: Contender, number: int) -> None:
        hang_up(self.folder / SOCKETS)
        contender.hosts[0].reset(to=FRESH)
        contender.hosts[0].enter(FRESHEN)
        sample = self._sample("bare", contender, number, contender.deploys(self.first))
        self.expected.check(contender.hosts[0], self.first, contender.name)
        self.results.add(sample)

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


def say(title: str) -> None:
    print(f"=== {title}", flush=True)
