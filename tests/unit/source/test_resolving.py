"""Where a source comes from, once in a run and the same in each."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from stack.source.repository import Repository
from stack.source.resolving import resolve as resolve_once
from stack.source.resolving import resolve_anew as resolve


def test_a_source_is_resolved_once_in_a_process(repository: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(resolve_once, str(repository), "HEAD") for _ in range(8)]
        sources = {id(future.result()) for future in asked}
        archives = {id(asked[0].result().archive()) for _ in range(8)}
    assert (len(sources), len(archives)) == (1, 1)
    assert isinstance(asked[0].result(), Repository)


def test_an_archive_is_the_same_in_every_process(repository: Path, folder: Path) -> None:
    code = "import sys; from stack.source import resolve; "
    code += "sys.stdout.buffer.writelines(resolve(path).archive().read() for path in sys.argv[1:])"
    paths = [str(path) for path in (repository, folder)]
    root = Path(__file__).parents[3]
    run = [sys.executable, "-c", code, *paths]
    others = subprocess.run(run, check=True, capture_output=True, cwd=root).stdout
    assert others == b"".join(resolve(path, "HEAD").archive().read() for path in paths)
