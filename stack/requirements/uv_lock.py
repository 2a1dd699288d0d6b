"""A uv.lock as a requirements file, hashes kept."""

import hashlib
import os
import tempfile
from pathlib import Path

from stack.requirements.errors import RequirementsError
from stack.requirements.pyproject import Wanted
from stack.requirements.toml import parsed
from stack.source import cache
from stack.source.uv import reason, run_uv

EXPORT = (
    *("export", "--frozen", "--no-emit-project", "--no-editable"),
    # What is a default in development is none on a server: it is the settings that name groups.
    "--no-default-groups",
    *("--no-header", "--no-annotate", "--format", "requirements-txt"),
)


def exported(lock: bytes, pyproject: bytes, path: str, wanted: Wanted) -> str:
    """The text of a requirements file. Raises RequirementsError."""
    words = [*EXPORT, *(f"--extra={name}" for name in wanted.extras)]
    words += [f"--group={name}" for name in wanted.groups]
    parts = (" ".join(words).encode(), lock, pyproject)
    key = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
    try:
        known = cache.folder("uv-export") / f"{key[:32]}.txt"
        if not known.exists():
            _keep(known, _export(words, lock, pyproject, path))
        return known.read_text(encoding="utf-8")
    except OSError as error:
        what = f"the export cannot be kept in {error.filename}: {error.strerror}"
        raise RequirementsError(f"{path}: {what}") from None


def _keep(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as new:
        new.write(text)
    os.replace(new.name, path)  # another run never reads half a file


def _export(words: list[str], lock: bytes, pyproject: bytes, path: str) -> str:
    with tempfile.TemporaryDirectory(dir=cache.folder("uv-export")) as folder:
        Path(folder, "uv.lock").write_bytes(lock)
        Path(folder, "pyproject.toml").write_bytes(_on_its_own(pyproject))
        try:
            done = run_uv(words, Path(folder))
        except FileNotFoundError:
            raise RequirementsError(f"{path}: uv is not installed; pip install uv") from None
    if done.returncode:
        raise RequirementsError(f"{path}: uv export: {reason(done)}")
    return done.stdout


def _on_its_own(pyproject: bytes) -> bytes:
    """The same, and the root of a workspace: uv looks for one in all folders above otherwise.

    The cache may lie below a folder that others can write, and what is in a person's home would
    change what everybody gets.
    """
    try:
        uv = parsed(pyproject.decode()).get("tool", {}).get("uv", {})
    except ValueError:
        return pyproject  # uv itself tells what is wrong with it
    return pyproject if "workspace" in uv else pyproject + b"\n[tool.uv.workspace]\n"
