"""How a bench asks as visitors do, and what it makes of the answers."""

import asyncio
import shutil
import subprocess
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess
from types import SimpleNamespace
from typing import cast

import django
import pytest

from bench import assets, h2load
from bench.contenders.article import given
from bench.measuring import CostError
from bench.preparing import Preparation
from bench.relay import ROUND_TRIP, visited
from bench.results import Sample
from bench.visits import visits
from tests.lab import Host
from tests.unit import article
from tests.unit.hosts import SAMPLE, sample_target

OUTPUT = """\
starting benchmark...
finished in 10.20ms, 294.12 req/s, 800.00KB/s
requests: 3 total, 3 started, 3 done, 3 succeeded, 0 failed, 0 errored, 0 timeout
1700000000000000\t200\t1500
1700000000002000\t200\t2500
1700000000005000\t200\t4000
"""
PIECE = bytes(range(256)) * 4096


def sample(kind: str, contender: str, number: int, *values: float) -> Sample:
    p50, p99, per_second = values
    return Sample(kind, contender, number, p50, 0, 0.5, p99=p99, per_second=per_second)


SAMPLES = [
    # The machine was slow in the second round, for both alike.
    *(sample("page", "ours", n, 0.004 * slow, 0.01, 300) for n, slow in enumerate((1, 3, 1))),
    *(sample("page", "hand", n, 0.005 * slow, 0.02, 200) for n, slow in enumerate((1, 3, 1))),
    sample("static", "ours", 0, 0.001, 0.002, 5000),
]


def test_ours_is_compared_with_by_hand_within_a_round() -> None:
    page, hand, static = visits(SAMPLES).splitlines()[2:]
    assert page == "| the page | django-stack | 4 | 10 | 300 | 0.80 | 0.50 | 1.50 |"
    assert hand == "| the page | the article's, by hand | 5 | 20 | 200 |  |  |  |"
    assert static.endswith("| 1 | 2 | 5000 |  |  |  |")
    assert visits([]) == ""


def test_what_each_request_took_is_read_and_how_many_were_met() -> None:
    load = h2load.read(OUTPUT)
    assert load.seconds == pytest.approx([0.0015, 0.0025, 0.004])
    assert load.per_second == pytest.approx(294.12)


@pytest.mark.parametrize(
    ("part", "other", "told"),
    [
        ("\t200\t2500", "\t502\t2500", "answered 502"),
        ("3 succeeded, 0 failed", "2 succeeded, 1 failed", "1 failed"),
        ("0 timeout", "1 timeout", "1 timeout"),
        ("finished in", "", "starting benchmark"),
    ],
)
def test_answers_that_are_no_pages_are_not_measured(part: str, other: str, told: str) -> None:
    with pytest.raises(CostError, match=told):
        h2load.read(OUTPUT.replace(part, other))


SPINS_ONCE = """#!/bin/sh
[ -e {folder}/has-spun ] || {{ touch {folder}/has-spun; exec sleep 600; }}
echo 1700000000000000 200 1500 | tr ' ' '\\t' > {folder}/log
printf '%s\\n' 'finished in 1s, 1 req/s' 'requests: 1 total, 0 failed, 0 errored, 0 timeout'
"""


class Here:
    """This machine, in place of the lab's host that asks."""

    def __init__(self, folder: Path) -> None:
        self.environment = {"PATH": f"{folder}:/usr/bin:/bin"}

    def enter(self, command: str, check: bool, timeout: float) -> "CompletedProcess[str]":
        return subprocess.run(
            ["sh", "-c", command],
            env=self.environment,
            capture_output=True,
            text=True,
            check=check,
            timeout=timeout,
        )


def test_who_asks_is_started_again_when_it_does_not_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "h2load").write_text(SPINS_ONCE.format(folder=tmp_path))
    (tmp_path / "h2load").chmod(0o755)
    monkeypatch.setattr(h2load, "LOG", tmp_path / "log")
    monkeypatch.setattr(h2load, "LONGEST", 0.5)
    asked = cast("Host", SimpleNamespace(address="10.99.60.4"))
    load = h2load.load(cast("Host", Here(tmp_path)), asked, ["/"], "-D", "1")
    assert load.seconds == pytest.approx([0.0015])
    assert (tmp_path / "has-spun").exists()


def test_a_long_way_delays_each_direction_and_changes_nothing() -> None:
    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(1000):
            writer.write(piece)
        writer.close()

    async def go() -> tuple[list[float], bytes]:
        server = await asyncio.start_server(echo, "127.0.0.1")
        there = ("127.0.0.1", server.sockets[0].getsockname()[1])
        relay = await asyncio.start_server(partial(visited, there=there), "127.0.0.1")
        clock = asyncio.get_running_loop().time
        took, started = [], clock()
        reader, writer = await asyncio.open_connection(*relay.sockets[0].getsockname())
        for _ in range(2):
            writer.write(b"x")
            assert await reader.read(1) == b"x"
            took.append(clock() - started)
            started = clock()
        writer.write(PIECE)
        writer.write_eof()
        return took, await reader.read(-1)

    (first, second), got = asyncio.run(asyncio.wait_for(go(), 20))
    # With the handshake, which is a round trip as well.
    assert first >= 2 * ROUND_TRIP
    assert second >= ROUND_TRIP
    assert got == PIECE


def test_every_asset_is_one_of_djangos(tmp_path: Path) -> None:
    folder = Path(django.__file__).parent / "contrib" / "admin" / "static"
    assert [name for name in assets.NAMES if not (folder / name).is_file()] == []
    assert len(set(assets.NAMES)) == 20

    shutil.copytree(SAMPLE, tmp_path / "project")
    assets.add(tmp_path / "project")
    page = tmp_path / "project" / "guestbook" / "templates" / "guestbook" / "index.html"
    assert all(f"{{% static '{name}' %}}" in page.read_text() for name in assets.NAMES)


def test_by_hand_is_as_the_article_has_it(tmp_path: Path) -> None:
    data, path = given(Preparation(tmp_path))
    settings = sample_target().settings
    site = Path(str(data["files"]), "etc/nginx/sites-available/default")
    assert site.read_text() == article.site(settings)
    program = path.read_text()
    assert program.startswith(article.program(settings).strip())
    assert 'RELEASE_ID="RELEASE"' in program
