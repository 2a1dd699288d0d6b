"""What tells one host from another, written into its root file system before it boots."""

import uuid
from pathlib import Path


def write_identity(root: Path, name: str, address: str, machine_id: uuid.UUID) -> None:
    """Write the host's name, address and machine id."""
    (root / "etc/hostname").write_text(f"{name}\n")
    # Its own name too: sudo looks it up, and waits for a name server that has never heard of it.
    (root / "etc/hosts").write_text(
        f"127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n{address}\t{name}\n"
    )
    (root / "etc/machine-id").write_text(f"{machine_id.hex}\n")
