"""Root file systems that hosts start from: made once, cached, never changed afterwards."""

import hashlib
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import get_args

from tests.lab import authorities, recipe
from tests.lab.command import environment
from tests.lab.errors import LabError
from tests.lab.mounts import mount_overlay, remove_tree, unmount_below
from tests.lab.pip_conf import pip_conf
from tests.lab.recipe import Base
from tests.lab.sources import apt_options, sources_list
from tests.lab.store import cache_folder, key_file, locked, public_key_file
from tests.lab.systems import CODENAMES, SYSTEMS, System, is_ubuntu, title

BASES = get_args(Base)
OVER = {"ready": recipe.READY_SCRIPT, "stocked": recipe.STOCKED_SCRIPT}
MAKING_SECONDS = 1800
NOT_FETCHED = re.compile(r"^E: apt-get update .* failed$", re.MULTILINE)
"""mmdebstrap's words where it does not get even the lists of an archive."""
UBUNTU_KEY = Path(__file__).with_name("ubuntu-archive.asc")
"""Of its archive, "Ubuntu Archive Automatic Signing Key (2018)", which Debian has no package of."""
CONTAINED = (
    *("setpriv", "--pdeathsig", "KILL"),
    *("unshare", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child"),
)
ENTER_ROOT = """
mount -t proc proc "$1/proc"
mount -t sysfs sysfs "$1/sys"
mount --rbind /dev "$1/dev"
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 chroot "$1" sh -c "$2"
"""


class NoArchiveError(LabError):
    """This machine does not reach the archive of a system."""


def layers(system: System, base: Base) -> list[Path]:
    """The folders of a base, bottom first, making those that the cache lacks. Raises LabError."""
    if system not in SYSTEMS or base not in BASES:
        expected = f"{', '.join(BASES)}, of {' or '.join(SYSTEMS)}"
        raise LabError(f"no base {base!r} of {system!r}: expected one of {expected}")
    made = [_bare(system)]
    for name in BASES[1 : BASES.index(base) + 1]:
        made.append(_over(made, f"{system}-{name}", OVER[name]))
    return made


def _bare(system: System) -> Path:
    key_file()
    sources, options, pip = sources_list(system), apt_options(), pip_conf()
    key = public_key_file().read_text()
    final = _folder(f"{system}-bare", sources, options, pip, authorities.fingerprint(), key)
    with _making(final) as folder:
        if folder is None:
            return final
        argv = ["mmdebstrap", "--mode=root", "--variant=minbase", "--skip=cleanup/apt/lists"]
        argv += ["--quiet", f"--include={','.join(recipe.bare_packages(system))}"]
        if is_ubuntu(system):
            argv += ["--components=main,universe", f"--keyring={UBUNTU_KEY}"]
        argv += [f"--aptopt={line}" for line in options.splitlines()]
        argv += [CODENAMES[system], str(folder)]
        # "-" reads the sources from here; without any mmdebstrap knows Debian's own.
        try:
            _run_logged([*argv, *(["-"] if sources else [])], _log(final), sources)
        except LabError as error:
            if is_ubuntu(system) and NOT_FETCHED.search(_log(final).read_text(errors="replace")):
                raise NoArchiveError(f"no archive of {title(system)} is reached: {error}") from None
            raise
        authorities.copy_local(folder)
        (folder / "etc/pip.conf").write_text(pip)
        # Nobody's data is in a base: waiting for the disk at every package buys nothing.
        (folder / "etc/dpkg/dpkg.cfg.d/lab").write_text("force-unsafe-io\n")
        (folder / "root/.ssh").mkdir(mode=0o700, exist_ok=True)
        (folder / "root/.ssh/authorized_keys").write_text(key)
        _run_in(folder, recipe.BARE_SCRIPT, _log(final))
        # Last: making the list of authorities inside has just replaced it.
        authorities.copy_bundle(folder)
        (folder / "etc/machine-id").write_text("")
    return final


def _over(below: Sequence[Path], name: str, script: str) -> Path:
    """What a script makes of other bases."""
    final = _folder(name, below[-1].name)
    with _making(final) as folder:
        if folder is None:
            return final
        top = folder.with_name(f"{folder.name}-mount")
        mount_overlay(below, folder, top / "work", top / "root")
        try:
            shutil.copy("/etc/resolv.conf", top / "root/etc/resolv.conf")
            _run_in(top / "root", script, _log(final))
        finally:
            unmount_below(top)
            remove_tree(top)
    return final


def _folder(name: str, *ingredients: str) -> Path:
    """Where the base of these ingredients is, or will be, in the cache."""
    digest = hashlib.sha256(Path(recipe.__file__).read_bytes())
    for ingredient in ingredients:
        digest.update(hashlib.sha256(ingredient.encode()).digest())
    return cache_folder() / "bases" / f"{name}-{digest.hexdigest()[:16]}"


@contextmanager
def _making(final: Path) -> Iterator[Path | None]:
    """A folder that becomes `final` when the block ends well; None where `final` exists."""
    if final.exists():
        yield None
        return
    with locked(final.with_name(f"{final.name}.lock")):
        if final.exists():
            yield None
            return
        folder = final.with_name(f"{final.name}.making")
        for leftover in final.parent.glob(f"{folder.name}*"):
            unmount_below(leftover)
            remove_tree(leftover)
        _log(final).unlink(missing_ok=True)
        folder.mkdir(mode=0o755)
        started = time.monotonic()
        print(f"lab: making {final.name}, once; about a minute", file=sys.stderr, flush=True)
        yield folder
        folder.rename(final)
        seconds = time.monotonic() - started
        print(f"lab: made {final.name} in {seconds:.0f} s", file=sys.stderr, flush=True)


def _log(final: Path) -> Path:
    """Where the output of making a base goes."""
    return final.with_name(f"{final.name}.log")


def _run_in(root: Path, script: str, log: Path) -> None:
    """Run a shell script with `root` as its root file system."""
    _run_logged(["sh", "-euc", ENTER_ROOT, "sh", str(root), script], log)


def _run_logged(argv: list[str], log: Path, input: str = "") -> None:
    """Run `argv` so that its mounts and processes end with it, and it with us, however we end."""
    with log.open("a") as file:
        try:
            subprocess.run(
                [*CONTAINED, *argv],
                input=input,
                stdout=file,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=MAKING_SECONDS,
                env=environment(),
                check=True,
            )
        except (subprocess.SubprocessError, OSError) as error:
            raise LabError(f"making a base failed at {argv[0]}: see {log}") from error
