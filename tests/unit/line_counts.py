"""Runs pyinfra over inventories, and counts how often each function's lines run: ours alone.

python tests/unit/line_counts.py INVENTORY… -- pyinfra's own words…   writes beside each inventory,
as JSON, the exit code and the counts. Starting pyinfra takes longer than a run over few hosts, so
it is started once: each run is a fork, which knows nothing of the others.
"""

import json
import os
import runpy
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OURS = (f"{ROOT}/stack/", f"{ROOT}/tasks/", "deploy.py")

_counts: Counter[CodeType] = Counter()


def _entering(frame: FrameType, event: str, argument: object) -> Any:
    return _inside if frame.f_code.co_filename.startswith(OURS) else None


def _inside(frame: FrameType, event: str, argument: object) -> Any:
    # Each turn of a loop or comprehension is a line too, also where all of it is on one.
    if event == "line":
        _counts[frame.f_code] += 1
    return _inside


def _name(code: CodeType) -> str:
    return f"{code.co_filename.removeprefix(f'{ROOT}/')}:{code.co_firstlineno} {code.co_qualname}"


def _run(inventory: Path, words: list[str]) -> None:
    """Run pyinfra over an inventory, in this process."""
    # The answer to its question after the plan.
    answer, says = os.pipe()
    os.write(says, b"\n")
    os.close(says)
    os.dup2(answer, sys.stdin.fileno())
    sys.argv = ["pyinfra", str(inventory), *words]
    code: object = 0
    sys.settrace(_entering)
    try:
        runpy.run_module("pyinfra", run_name="__main__")
    except SystemExit as done:
        code = done.code
    finally:
        sys.settrace(None)
    counts = {_name(code): count for code, count in _counts.items()}
    inventory.with_suffix(".json").write_text(json.dumps({"code": code or 0, "counts": counts}))


def main() -> None:
    """Run pyinfra over each inventory of the command line, in a process of its own."""
    end = sys.argv.index("--")
    inventories, words = sys.argv[1:end], sys.argv[end + 1 :]
    import_module("pyinfra_cli.main")
    for inventory in inventories:
        child = os.fork()
        if not child:
            _run(Path(inventory), words)
            return
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
