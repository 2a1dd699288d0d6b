"""A uv.lock as a requirements file, hashes kept."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

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


@dataclass(frozen=True)
class Member:
    """A project of a workspace, other than its root."""

    name: str
    folder: str
    """As seen from the lock's."""


def member_with(src: str, lock: bytes) -> Member | None:
    """The member that a folder, as seen from the lock's, is in; None where that is the root."""
    try:
        content = parsed(lock.decode())
        names = {*content.get("manifest", {}).get("members", ())}
        folders = {
            folder: Member(package["name"], folder)
            for package in content.get("package", ())
            for kind, folder in package["source"].items()
            if kind in ("virtual", "editable") and package["name"] in names and folder != "."
        }
    except (ValueError, KeyError, AttributeError, TypeError):
        return None  # uv itself tells what is wrong with it
    parts = PurePosixPath(src)
    return next(filter(None, (folders.get(str(one)) for one in (parts, *parts.parents))), None)


def exported(
    lock: bytes,
    pyproject: bytes,
    path: str,
    wanted: Wanted,
    member: tuple[Member, bytes] | None = None,
) -> str:
    """The text of a requirements file. Raises RequirementsError.

    Args:
        lock: the uv.lock's content.
        pyproject: that of the pyproject.toml beside it.
        path: the lock's, from the root of the source.
        wanted: what is installed besides dependencies.
        member: whose dependencies are, with its pyproject.toml; of none, the root's.
    """
    words = [*EXPORT, *(f"--extra={name}" for name in wanted.extras)]
    words += [f"--group={name}" for name in wanted.groups]
    beside = {"uv.lock": lock, "pyproject.toml": _on_its_own(pyproject)}
    parts = [lock, pyproject]
    if member:
        words.append(f"--package={member[0].name}")
        beside[f"{member[0].folder}/pyproject.toml"] = member[1]
        parts.append(member[1])
    parts.append(" ".join(words).encode())
    key = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
    try:
        known = cache.folder("uv-export") / f"{key[:32]}.txt"
        cache.make_once(known, lambda folder: _exported(folder, words, beside, path))
        return known.read_text(encoding="utf-8")
    except OSError as error:
        what = f"the export cannot be kept in {error.filename}: {error.strerror}"
        raise RequirementsError(f"{path}: {what}") from None


def _exported(folder: Path, words: list[str], beside: Mapping[str, bytes], path: str) -> Path:
    for name, content in beside.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    try:
        done = run_uv(words, folder)
    except FileNotFoundError:
        raise RequirementsError(f"{path}: uv is not installed; pip install uv") from None
    if done.returncode:
        raise RequirementsError(f"{path}: uv export: {reason(done)}")
    made = folder / "made"
    made.write_text(done.stdout, encoding="utf-8")
    return made


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
