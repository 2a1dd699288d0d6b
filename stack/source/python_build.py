"""Builds of Python that Debian does not have, which uv brings to the controller."""

import gzip
import hashlib
import json
import tarfile
from functools import cache as once
from pathlib import Path

from stack.source import cache
from stack.source.errors import SourceError
from stack.source.spool import Spool
from stack.source.uv import reason, run_uv

MACHINES = {"x86_64": "x86_64", "aarch64": "aarch64"}
"""What uv calls those that it has builds for, by what `uname -m` says."""
TEXT = (".py", ".pc", "Makefile")
"""How the names of files end in which uv writes where the build lies."""


@once
def latest(version: str, mirror: str) -> str:
    """The newest build's full version.

    Args:
        version: such as "3.14", or a full one.
        mirror: of the setting python_mirror.

    Raises:
        SourceError: there is none, or nobody can be asked.
    """
    listing = ("list", f"cpython-{version}-linux", "--only-downloads", "--output-format", "json")
    every = ("--all-platforms", "--all-arches", *_from(mirror, listing=True))
    done = _uv(version, mirror, *listing, *every)
    found = [str(one["version"]) for one in json.loads(done)]
    if not found:
        raise SourceError("python", version, "uv knows no such Python for Linux")
    return found[0]


@once
def archive(version: str, machine: str, mirror: str, folder: str) -> Spool:
    """A build as .tar.gz, whose only folder is named after the version; kept in the cache.

    Args:
        version: a full one.
        machine: the host's, as `uname -m` says it.
        mirror: of the setting python_mirror.
        folder: where it is to lie on the host.

    Raises:
        SourceError: there is none for that machine, or it cannot be brought.
    """
    if machine not in MACHINES:
        raise SourceError("python", version, f"there is no build for {machine}")
    key = hashlib.sha256(json.dumps([version, machine, mirror, folder]).encode()).hexdigest()
    try:
        kept = cache.folder("pythons") / f"{version}-{key[:16]}.tar.gz"
        cache.make_once(kept, lambda there: _made(there, version, machine, mirror, folder))
        return Spool.at(kept)
    except OSError as error:
        raise SourceError("python", version, f"the cache cannot be used: {error}") from None


def _made(there: Path, version: str, machine: str, mirror: str, folder: str) -> Path:
    wanted = f"cpython-{version}-linux-{MACHINES[machine]}-gnu"
    words = ("install", wanted, "--no-bin", "--install-dir", str(there))
    _uv(version, mirror, *words, *_from(mirror))
    root = next(path for path in there.glob("cpython-*") if not path.is_symlink())
    for path in root.rglob("*"):
        if path.name.endswith(TEXT) and path.is_file() and not path.is_symlink():
            text = path.read_bytes()
            if str(root).encode() in text:
                path.write_bytes(text.replace(str(root).encode(), folder.encode()))
    made = there / "made"
    with (
        gzip.open(made, "wb", 6) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        tar.add(root, version, filter=_plain)
    return made


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = "root"
    info.mode = 0o755 if info.isdir() or info.mode & 0o100 else 0o644
    return info


def _from(mirror: str, *, listing: bool = False) -> tuple[str, ...]:
    if mirror.endswith(".json"):
        return ("--python-downloads-json-url", mirror)
    return ("--mirror", mirror) if mirror and not listing else ()


def _uv(version: str, mirror: str, *words: str) -> str:
    try:
        done = run_uv(("python", *words), Path("/"))
    except FileNotFoundError:
        raise SourceError("python", version, "uv is not installed; pip install uv") from None
    if done.returncode:
        hint = "" if mirror else "; set python_mirror where the builds' own server is out of reach"
        raise SourceError("python", version, f"uv: {reason(done)}{hint}")
    return done.stdout
