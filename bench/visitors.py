"""How long visitors wait: with ours, and with the article's set-up by hand, in turns."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path
from statistics import median, quantiles

from bench import assets, browser, h2load, sameness
from bench.contenders.article import by_the_article
from bench.contenders.contender import Contender, Release, ours
from bench.kinds import VISITED
from bench.machine import busy
from bench.measuring import CostError, cost
from bench.preparing import FRESHEN, Preparation
from bench.relay import far_away
from bench.results import Results, Sample
from tests.e2e.http import get
from tests.lab import Host, Lab

KIND = "visitors"
ROUNDS = 10
"""Many, and short ones: a busy machine is as busy for one as for the other."""
ALONE = ("-c", "1", "-D", "1")
TOGETHER = ("-c", "8", "-D", "1")
"""h2load's words: how many connections, for how many seconds."""
TIMES = 20
"""How often all assets are got in a round."""


def measure(folder: Path, lab: Lab, results: Results, rounds: int) -> None:
    """Take the samples that are missing, of hosts that have been found to answer alike."""
    print(f"=== {KIND}, {rounds} rounds", flush=True)
    folder.mkdir()
    preparation = Preparation(folder)
    release = preparation.release("visited", "Guestbook 20", assets.add)
    client = lab.host("client", base="bare")
    h2load.install(client)
    hosts = deployed(preparation, lab, release)
    paths = static_paths(hosts["ours"])
    first, second = (answers(hosts[name], release, paths) for name in ("ours", "hand"))
    sameness.compare(first, second, "by hand")
    asked = {"page": ["/"], "static": paths[:1], "assets": paths[1:]}
    for number in range(rounds):
        for kind in VISITED:
            for name in sorted(hosts, reverse=number % 2 == 0):
                if not results.has(kind, name, number):
                    how = partial(visit, kind, hosts[name], asked[kind], client, lab)
                    results.add(sample(kind, name, number, how))


def sample(
    kind: str, name: str, number: int, how: Callable[[], tuple[Sequence[float], float]]
) -> Sample:
    """Measure one of them in a round."""
    others = busy()
    seconds, per_second = how()
    p50, p99 = median(seconds), quantiles(seconds, n=100, method="inclusive")[-1]
    told = f"{p50 * 1e3:.3g} ms, {per_second:.0f} a second"
    print(f"{kind} {number} {name}: {told}", flush=True)
    return Sample(kind, name, number, p50, 0, others, p99=p99, per_second=per_second)


def deployed(preparation: Preparation, lab: Lab, release: Release) -> Mapping[str, Host]:
    """A host of each, with the release live."""
    mine, other = lab.hosts(2, prefix="visited")
    contenders: Sequence[Contender] = [
        ours(preparation.folder / "ours.py", lab, [mine])[0],
        by_the_article(preparation, other),
    ]
    for one in contenders:
        one.hosts[0].enter(FRESHEN)
        cost(one.deploys(release), preparation.folder / f"{one.name}.out")
    return {one.name: one.hosts[0] for one in contenders}


def static_paths(host: Host) -> list[str]:
    """The page's style sheet, and then its assets."""
    text = get(host).text
    own = re.findall(r'"(/static/guestbook/[^"]+\.css)"', text)
    others = re.findall(r'"(/static/admin/[^"]+)"', text)
    if (len(own), len(others)) != (1, len(assets.NAMES)):
        raise CostError(f"{host.name}: the page names {own} and {others}")
    return own + others


def answers(host: Host, release: Release, paths: Sequence[str]) -> dict[str, str]:
    """What has to be the same of both: the page, and all bytes of its files."""
    page = sameness.answers(host, release)["page"]
    found = {path: get(host, path) for path in paths}
    return {
        "page": page,
        **{path: f"{one.status} {sha256(one.body).hexdigest()}" for path, one in found.items()},
    }


def visit(
    kind: str, host: Host, paths: Sequence[str], client: Host, lab: Lab
) -> tuple[list[float], float]:
    """The seconds of each answer, or of all assets, and how many requests were met a second."""
    together = h2load.load(client, host, paths, *TOGETHER)
    if kind != "assets":
        return h2load.load(client, host, paths, *ALONE).seconds, together.per_second
    with far_away(host, f"{lab.subnet}.1") as far:
        seconds = [browser.seconds(far, paths) for _ in range(TIMES)]
    return seconds, together.per_second
