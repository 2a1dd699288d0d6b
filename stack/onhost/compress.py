"""Keep files below a folder compressed beside themselves, as Nginx's gzip_static looks for them.

    python3 compress.py FOLDER PATTERN BEFORE

PATTERN is a regular expression for the end of the names. Each such file gets one, though it may be
the larger of the two: else that of an earlier release could be taken for its own. BEFORE is the
folder of such a release: what did not change since is not compressed again.
"""

import gzip
import os
import re
import shutil
import stat
import sys
import zlib
from contextlib import suppress

PART_BYTES = 1 << 20
LEVEL = 6
"""As in nginx.conf."""


def main(top: str, pattern: str, before: str) -> None:
    """Compress what is there now; nothing is ever there in part."""
    is_wanted = re.compile(pattern).search
    for folder, _, names in os.walk(top):
        for name in filter(is_wanted, names):
            path = os.path.join(folder, name)
            if is_file(path) and not holds(f"{path}.gz", path):
                earlier = os.path.join(before, f"{os.path.relpath(path, top)}.gz")
                # What has no place beside it, Nginx compresses as it is asked for.
                with suppress(OSError):
                    compress(path, earlier)


def is_file(path: str) -> bool:
    """Whether it is one, and neither a symlink to one nor a pipe, which may never end."""
    with suppress(OSError):
        return stat.S_ISREG(os.lstat(path).st_mode)
    return False


def holds(packed: str, path: str) -> bool:
    """Whether `packed` is the file `path`, compressed, whoever has made it."""
    if not is_file(packed):
        return False
    try:
        with open(path, "rb") as file, gzip.open(packed) as unpacked:
            while part := file.read(PART_BYTES):
                if unpacked.read(len(part)) != part:
                    return False
            return not unpacked.read(1)
    except (OSError, EOFError, zlib.error):
        return False


def compress(path: str, earlier: str) -> None:
    """Compress one: to the same bytes in every release and on every host."""
    # Of a run that was killed, the next one finds it by its name.
    new = f"{path}.gz.new"
    with suppress(FileNotFoundError):
        os.unlink(new)
    try:
        if is_file(earlier):
            shutil.copyfile(earlier, new)
        if not holds(new, path):
            with (
                open(path, "rb") as file,
                open(new, "wb") as raw,
                gzip.GzipFile("", "wb", LEVEL, raw, mtime=0) as packed,
            ):
                shutil.copyfileobj(file, packed, PART_BYTES)
        os.replace(new, f"{path}.gz")
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(new)
        raise


main(*sys.argv[1:])
