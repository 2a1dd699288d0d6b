"""Reads Supervisor's files as supervisord would, and changes nothing.

    python3 judge.py PROGRAM_FILE < TEXT

`TEXT` is what PROGRAM_FILE is to be. Ends with 1, and says which file is wrong and why, when
supervisord would not start with them: everybody's programs would be down.
"""

import contextlib
import glob
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

SUPERVISORD = "/etc/supervisor/supervisord.conf"
FOLDER = "/etc/supervisor/conf.d"
MOST_BYTES = 6 << 20
"""Of supervisord's environment, as in processes.py: this is sent as a text of its own."""
_glob = glob.glob


def refusal(program_file: str, text: str) -> str:
    """Why Supervisor would not take its files, or an empty string.

    Args:
        text: what that file is to be.
    """
    try:
        from supervisor.options import ServerOptions  # type: ignore[import-not-found]
    except ImportError:
        return ""  # it is nowhere yet, or not where this Python can see

    class Options(ServerOptions):  # type: ignore[misc]
        def usage(self, message: object) -> None:
            raise ValueError(str(message))

    def trouble(without: Collection[str] = ()) -> str:
        with _files(program_file, text, without):
            try:
                Options().realize(["-c", SUPERVISORD], doc="")
            except Exception as error:  # its parser has many, and each ends supervisord
                return " ".join(f"{error}".split()) or type(error).__name__
        return ""

    if not os.path.exists(SUPERVISORD):
        return ""
    knows_its_environment = _take_environment()
    why = trouble()
    if not why or (not knows_its_environment and "ENV_" in why):
        return ""
    files = sorted(set(_glob(f"{FOLDER}/*.conf")) - {program_file})
    guilty = [file for file in files if not trouble(without=[file])]
    # More than one may be wrong: each is then wrong alone.
    guilty = guilty[:1] or [
        file for file in files if trouble(without={*files} - {file}) and not trouble(without=files)
    ]
    where = " and ".join(guilty) or SUPERVISORD
    return f"Supervisor cannot read {where}: {why}. Fix that file, or move it away."


@contextlib.contextmanager
def _files(program_file: str, text: str, without: Collection[str]) -> Iterator[None]:
    """Have Supervisor's parser find the program's file as it is to be, and not some others."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder, os.path.basename(program_file))
        new.write_text(text)

        def found(pattern: str) -> list[str]:
            files = [file for file in _glob(pattern) if file not in {program_file, *without}]
            return [*files, str(new)] if pattern == f"{FOLDER}/*.conf" else files

        glob.glob = found  # type: ignore[assignment]
        try:
            yield
        finally:
            glob.glob = _glob


def _take_environment() -> bool:
    """Have the environment that supervisord has, which its files may name; whether it runs."""
    show = ["systemctl", "show", "-P", "MainPID", "supervisor"]
    pid = subprocess.run(show, capture_output=True, text=True).stdout.strip()
    try:
        with Path(f"/proc/{int(pid) or 'none'}/environ").open("rb") as text:
            words = text.read(MOST_BYTES).decode(errors="replace").split("\0")
    except (ValueError, OSError):
        return False
    os.environ.clear()
    os.environ.update(dict(word.partition("=")[::2] for word in words if "=" in word))
    return True


if __name__ == "__main__":
    told = refusal(sys.argv[1], sys.stdin.read())
    if told:
        print(told, file=sys.stderr)
    sys.exit(1 if told else 0)
