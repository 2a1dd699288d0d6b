"""Nothing grows faster than the number of hosts: neither the controller's work nor its memory.

Work is counted in lines of our own code that run, not in seconds: what each host adds is then the
same to the line on any machine, and the smallest square term shows.
"""

import json
import random
from base64 import b64decode
from pathlib import Path

from stack.commands import build
from stack.state.placement import place
from tests.unit.fake_hosts import inventory
from tests.unit.hosts import converged, sample_target
from tests.unit.running import pyinfra

SIZES = 2, 4, 8
"""Each is twice the one before; so are their waves."""
WAVES = [1, "50%", "100%"]
"""The first has one host: which of several had begun when one fails would be chance."""


def counted(
    folder: Path, *words: str, broken: int = 0, database: bool = False
) -> list[dict[str, int]]:
    """How often lines of each function run in a whole deployment, by its name, for each size."""
    settings = {"gate_seconds": 0, "migrate": "once", "database_password": "secret"}
    path, counts = folder / "inventory.py", folder / "counts.json"
    found = []
    for size in SIZES:
        path.write_text(inventory(size, broken, database, waves=WAVES, **settings))
        # The answer is to its question after the plan.
        done = pyinfra(path, "deploy.py", *words, answer="\n", counts=counts)
        assert done.returncode == (1 if broken else 0), done.stderr[-4000:]
        found.append(json.loads(counts.read_text()))
    return found


def growing(folder: Path, *words: str, broken: int = 0, database: bool = False) -> list[str]:
    """The functions that the second half of the hosts costs much more than twice the first.

    Where each host's cost grew with their number it would be four times.
    """
    few, more, many = counted(folder, *words, broken=broken, database=database)
    assert sum(many.values()) > 1000 * SIZES[-1]
    return [
        f"{name}: {few.get(name, 0)}, {more.get(name, 0)}, {count}"
        for name, count in many.items()
        if count - more.get(name, 0) > 2.5 * (more.get(name, 0) - few.get(name, 0)) + SIZES[-1]
    ]


def test_a_plan_and_its_apply_cost_the_same_for_each_host(tmp_path: Path) -> None:
    assert growing(tmp_path, "--limit", "*", database=True) == []


def test_so_does_a_rollout_that_fails(tmp_path: Path) -> None:
    assert growing(tmp_path, "-y", broken=1) == []


def test_the_archive_is_kept_once_for_all_hosts_and_sent_in_lines(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").touch()
    (tmp_path / "large").write_bytes(random.randbytes(100_000))
    targets = [sample_target(source=str(tmp_path), workers=workers) for workers in (3, 5)]
    sent, other = (
        build.unpack(place(one, converged(one))).connector_arguments["_stdin"] for one in targets
    )
    assert sent is other
    assert isinstance(sent, tuple)
    assert len(sent) > 1
    assert b64decode("".join(sent)) == targets[0].app.source.compressed().read()
