"""What entry files need is imported while hosts are being reached; nothing where none is run."""

import subprocess
import sys
from pathlib import Path

import pytest

from stack.run.importing import MODULES

ROOT = Path(__file__).parents[2]
IMPORTS = """
import ast, sys
from importlib import import_module
from pathlib import Path
import gevent
import pyinfra_cli.main
from stack.run.importing import import_ahead

before = set(sys.modules)
import_ahead(sys.argv[1:])
gevent.wait(timeout=60)
print(*sorted(set(sys.modules) - before))
ahead = set(sys.modules)
for one in ast.parse(Path("deploy.py").read_text()).body:
    if isinstance(one, ast.ImportFrom):
        for name in one.names:
            import_module(f"{one.module}.{name.name}" if one.module == "tasks" else one.module)
print(*sorted(set(sys.modules) - ahead))
"""


def imported(*words: str) -> tuple[set[str], set[str]]:
    """What is imported ahead with such a command line, and what deploy.py still imports then."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTS, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    ahead, later = done.stdout.split("\n")[:2]
    return set(ahead.split()), set(later.split())


def test_little_is_left_to_import_once_hosts_are_reached() -> None:
    ahead, later = imported("inventory.py", "deploy.py", "-y")
    assert ahead.issuperset(MODULES)
    assert len(later) * 5 < len(ahead)
    assert not {one for one in later if one.startswith(("pydantic", "stack.settings"))}


@pytest.mark.parametrize("words", [("inventory.py", "exec", "--", "true"), ("--version",)])
def test_nothing_is_imported_for_who_runs_no_entry_file(words: tuple[str, ...]) -> None:
    ahead, _ = imported(*words)
    assert not {one for one in ahead if one.startswith(("pydantic", "stack.settings", "tasks"))}
