"""Runs pyinfra, and counts how often each function's lines run: those of this repository alone.

python tests/unit/line_counts.py FILE pyinfra's own words…   writes the counts into FILE, as JSON
"""

import json
import runpy
import sys
from collections import Counter
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


def main() -> None:
    """Run pyinfra with the words of the command line."""
    target, *words = sys.argv[1:]
    sys.argv = ["pyinfra", *words]
    sys.settrace(_entering)
    try:
        runpy.run_module("pyinfra", run_name="__main__")
    finally:
        sys.settrace(None)
        counts = {_name(code): count for code, count in _counts.items()}
        Path(target).write_text(json.dumps(counts))


if __name__ == "__main__":
    main()
