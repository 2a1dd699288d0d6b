"""Which Node the packages of a source ask for, and which one this machine has."""

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from stack.source.source import Source

DEEPEST = 1
"""How many folders above a package.json: what lies further below is others' as a rule."""
OF_NODE = re.compile(r"(^|[\s;&|(/])(node|npm|npx|pnpm|yarn|bun|bunx)($|[\s;&|)])")
UNTRUSTED = re.compile(r"certificate in certificate chain|SELF_SIGNED_CERT|(?i:local.issuer.cert)")
RANGE = re.compile(r"[\w.*^~<>=|+ -]{1,60}")


def package(source: Source, path: str) -> dict[str, Any]:
    """The content of a package.json; empty when there is none that can be read."""
    try:
        content = json.loads(source.read(path) or b"")
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def engine(source: Source, path: str) -> str:
    """The version of Node that a package.json asks for, as it says it; empty when it does not."""
    engines = package(source, path).get("engines")
    said = engines.get("node") if isinstance(engines, dict) else None
    return said if isinstance(said, str) and RANGE.fullmatch(said) else ""


def untrusted(command: str, output: str, names: Sequence[str]) -> Iterator[str]:
    """What to write where Node does not trust whoever signs what this machine downloads."""
    name = "NODE_EXTRA_CA_CERTS"
    if OF_NODE.search(command) and UNTRUSTED.search(output) and name not in names:
        yield f'Node takes further CAs from the file that {name} names: build_env = ["{name}"]'


def asked_by(source: Source, command: str) -> Iterator[str]:
    """Which Node the packages want, and which one is there, where a command runs Node."""
    if not OF_NODE.search(command):
        return
    paths = (path for path in source.paths() if f"/{path}".endswith("/package.json"))
    for path in (path for path in paths if path.count("/") <= DEEPEST):
        if version := engine(source, path):
            yield f"{path} asks for Node {version}, and this machine has {_installed()}"


@cache
def _installed() -> str:
    try:
        asked = subprocess.run(["node", "--version"], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return "none"
    return asked.stdout.strip() or "none"
