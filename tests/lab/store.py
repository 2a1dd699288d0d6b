"""Where the lab keeps things on this machine, and the locks that guard them."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from tests.lab.command import run
from tests.lab.errors import LabError


def cache_folder() -> Path:
    """The lab's folder outside the repository: bases, key pair, and the state of every lab."""
    top = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(top) / "django-lab"


def lab_folder(name: str) -> Path:
    """The folder of one lab's state."""
    return cache_folder() / "labs" / name


def lab_lock(name: str) -> Path:
    """The lock of the process that a lab belongs to."""
    return cache_folder() / "labs" / f"{name}.lock"


def write_json(path: Path, value: dict[str, Any]) -> None:
    """Replace the file at once: a reader sees the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps(value, indent=1) + "\n")
    temporary.rename(path)


def read_json(path: Path) -> dict[str, Any] | None:
    """The object in a file; None when the file is missing, or a crash left no object in it."""
    with suppress(FileNotFoundError, ValueError):
        value = json.loads(path.read_text())
        return value if isinstance(value, dict) else None
    return None


def try_lock(path: Path) -> IO[str] | None:
    """Lock the file for as long as the result is open; None when someone else holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of `path`, waiting for it as long as it takes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def key_file() -> Path:
    """The private key that opens every host, made when it is missing. Raises LabError."""
    path = cache_folder() / "key"
    with locked(cache_folder() / "key.lock"):
        if not path.exists() or not public_key_file().exists():
            path.unlink(missing_ok=True)
            run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "lab", "-f", str(path)])
        if path.stat().st_mode & 0o077:
            raise LabError(f"{path}: others can read it, and ssh refuses such a key")
    return path


def public_key_file() -> Path:
    """The public half of key_file()."""
    return cache_folder() / "key.pub"
