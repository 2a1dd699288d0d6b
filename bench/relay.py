"""A long way to a host: what comes at its ports goes on to it, each way later than it came.

Run as a process of its own: the time that the bench itself takes must not make the way longer.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from functools import partial

from bench.measuring import REPOSITORY
from tests.lab import Host

ROUND_TRIP = 0.05
PORTS = (80, 443)
PIECE = 65536


@contextmanager
def far_away(host: Host, address: str) -> Iterator[Host]:
    """The host for who is a round trip away: at another address, one of this machine's."""
    words = [address, host.address, *(str(port) for port in PORTS)]
    with subprocess.Popen(
        [sys.executable, "-m", "bench.relay", *words],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        if not (process.stdout and process.stdout.readline()):
            raise OSError(f"there is no relay at {address}")
        other = copy(host)
        other.address = address
        yield other


async def serve(near: str, far: str, ports: list[int]) -> None:
    """Pass on what comes, until standard input ends: also when who started it is killed."""
    servers = [
        await asyncio.start_server(partial(visited, there=(far, port)), near, port)
        for port in ports
    ]
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    for server in servers:
        server.close()


async def visited(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, there: tuple[str, int]
) -> None:
    """A connection from its beginning to its end."""
    try:
        # The handshake has been made on this side of the way, which took no time.
        await asyncio.sleep(ROUND_TRIP)
        its_reader, its_writer = await asyncio.open_connection(*there)
        try:
            await asyncio.gather(later(reader, its_writer), later(its_reader, writer))
        finally:
            its_writer.close()
    except (OSError, asyncio.CancelledError):
        pass  # Both connections are closed: of one side, or of the relay, there is no more.
    finally:
        writer.close()


async def later(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass one direction on; several pieces may be on their way."""
    loop = asyncio.get_running_loop()
    on_their_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def depart() -> None:
        piece = b"any"
        while piece:
            piece = await reader.read(PIECE)
            on_their_way.put_nowait((loop.time() + ROUND_TRIP / 2, piece))

    async def arrive() -> None:
        while True:
            due, piece = await on_their_way.get()
            await asyncio.sleep(due - loop.time())
            if not piece:
                break
            writer.write(piece)
        if writer.can_write_eof():
            writer.write_eof()

    await asyncio.gather(depart(), arrive())


if __name__ == "__main__":
    near, far, *ports = sys.argv[1:]
    asyncio.run(serve(near, far, [int(port) for port in ports]))
