"""Certificates: a proxy may re-sign what hosts fetch, with an authority only this machine knows."""

import shutil
from pathlib import Path

BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
LOCAL = Path("/usr/local/share/ca-certificates")


def fingerprint() -> str:
    """Changes when the authorities of this machine do."""
    return b"".join(path.read_bytes() for path in [*_local(), BUNDLE] if path.is_file()).hex()


def copy_local(root: Path) -> None:
    """Copy those that were added to this machine by hand, for update-ca-certificates to find."""
    target = root / LOCAL.relative_to("/")
    target.mkdir(parents=True, exist_ok=True)
    for path in _local():
        shutil.copyfile(path, target / path.name)


def copy_bundle(root: Path) -> None:
    """Replace the list of all authorities; update-ca-certificates would write over it."""
    if BUNDLE.is_file():
        shutil.copyfile(BUNDLE, root / BUNDLE.relative_to("/"))


def _local() -> list[Path]:
    return sorted(LOCAL.glob("**/*.crt"))
