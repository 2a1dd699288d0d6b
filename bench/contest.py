"""Other tools and ours, each to do the same work, in turns. `make bench`, as root."""

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bench import visitors
from bench.contenders import tools
from bench.contenders.sockets import SOCKETS, closed_at_the_end
from bench.machine import made
from bench.measuring import CostError
from bench.page import write
from bench.preparing import HOSTS
from bench.results import Results, read
from bench.rounds import Rounds
from tests.lab import Lab, LabError

LAB, SUBNET = "bench", "10.99.60"
ROUNDS = {"nothing": 5, "release": 3, "bare": 2, visitors.KIND: visitors.ROUNDS}


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


def measure(results: Results, installed: tools.Tools, kinds: Mapping[str, int]) -> None:
    """Take the samples that are missing."""
    results.made = made(installed.versions)
    with (
        tempfile.TemporaryDirectory(prefix="bench") as folder,
        Lab(LAB, SUBNET) as lab,
        closed_at_the_end(Path(folder) / SOCKETS),
    ):
        rounds = Rounds(Path(folder), lab, installed, results)
        if kinds.keys() - {visitors.KIND}:
            rounds.prepare(HOSTS if "nothing" in kinds else 1)
        for name, number in kinds.items():
            if name == visitors.KIND:
                visitors.measure(Path(folder) / name, lab, results, number)
            else:
                rounds.run(name, number)


if __name__ == "__main__":
    sys.exit(main())
