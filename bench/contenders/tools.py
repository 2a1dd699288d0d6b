"""The other tools: in a virtualenv of their own in the cache, never in ours."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.measuring import REPOSITORY, CostError
from stack.source import cache

SHOWN = ("ansible-core", "mitogen", "pyinfra")


def folder() -> Path:
    """What a bench keeps: the tools, and its results."""
    return cache.folder("bench")


@dataclass(frozen=True)
class Tools:
    """What is installed."""

    programs: Path
    """Their folder."""
    strategies: Path
    """Mitogen's folder of strategies, which Ansible is told of."""
    versions: Mapping[str, str]


def install() -> Tools:
    """Have the tools that pyproject.toml's extra `bench` names.

    What they share with us has our versions, so that pyinfra is the same for both.
    """
    uv = str(REPOSITORY / ".venv" / "bin" / "uv")
    virtualenv = folder() / "venv"
    python = virtualenv / "bin" / "python"
    if not python.exists():
        _run([uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(virtualenv)])
    what = ["-r", "pyproject.toml", "--extra", "bench", "-c", "requirements.lock"]
    _run([uv, "pip", "install", "--quiet", "--python", str(python), *what])
    listed = json.loads(_run([uv, "pip", "list", "--format", "json", "--python", str(python)]))
    versions = {one["name"]: one["version"] for one in listed if one["name"] in SHOWN}
    mitogen = _run([str(python), "-c", "import ansible_mitogen as m; print(m.__path__[0])"])
    strategies = Path(mitogen.strip()) / "plugins" / "strategy"
    return Tools(python.parent, strategies, versions)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    if done.returncode:
        raise CostError(f"{' '.join(command[:3])}: {done.stderr[-2000:]}")
    return done.stdout
