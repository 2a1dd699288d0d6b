"""Take from users who go the right to read what the system has logged of them.

python3 readers.py FIRST COUNT [FIRST COUNT]...

The journal and dumps of cores are root's, and each file has an entry of an access control list for
the number of the user whom it tells of: whoever got that number next would read it.
"""

import os
import struct
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

LISTS = "system.posix_acl_access"
ENTRY = struct.Struct("<HHI")
VERSION_SIZE = 4
OF_A_USER = 0x02
SECONDS = 60
MACHINE = Path("/etc/machine-id")
"""Other machines' journals, which may lie beside this one's, have numbers of their own."""


def main(words: list[str]) -> None:
    """Go through all files of the system's that have such a list, and print which stay open."""
    numbers = [int(word) for word in words]
    pairs = zip(numbers[::2], numbers[1::2], strict=True)
    ranges = [range(first, first + count) for first, count in pairs]
    machine = MACHINE.read_text().strip()
    journals = [Path(root, "log/journal", machine) for root in ("/var", "/run")]
    # journald names a reader anew whenever it opens the file that it goes on with: it has to begin
    # another.
    before = current(journals, ranges)
    if before:
        for word in ("--sync", "--rotate"):
            subprocess.run(["journalctl", word], timeout=SECONDS, check=False)
    now = current(journals, ranges)
    for folder in (*journals, Path("/var/lib/systemd/coredump")):
        for path in folder.glob("*"):
            if path not in now:
                forget(path, ranges)
    for path, _ in before.items() & now.items():
        print(path)


def current(journals: Iterable[Path], ranges: Iterable[range]) -> dict[Path, int]:
    """The files that journald goes on with for users of some numbers, and their inodes."""
    found = [path for folder in journals for path in folder.glob("user-*.journal")]
    return {
        path: path.stat().st_ino
        for path in found
        if _is_one_of(path.stem.removeprefix("user-"), ranges)
    }


def _is_one_of(word: str, ranges: Iterable[range]) -> bool:
    return word.isdecimal() and any(int(word) in one for one in ranges)


def forget(path: Path, ranges: Iterable[range]) -> None:
    """Have nobody of some numbers named in a file's list."""
    try:
        listed = os.getxattr(path, LISTS)
    except OSError:
        return  # it has none, or has gone
    entries = list(ENTRY.iter_unpack(listed[VERSION_SIZE:]))
    left = [
        (kind, rights, number)
        for kind, rights, number in entries
        if kind != OF_A_USER or not any(number in one for one in ranges)
    ]
    if left != entries:
        packed = b"".join(ENTRY.pack(*entry) for entry in left)
        os.setxattr(path, LISTS, listed[:VERSION_SIZE] + packed)


if __name__ == "__main__":
    main(sys.argv[1:])
