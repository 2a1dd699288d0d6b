"""What runs on a host, sent with a command or copied there, without anything of this project.

It needs no more than Python's standard library, but for `inside` and `database.py`: they run in the
deployed project's Django.
"""

from pathlib import Path


def script(name: str) -> str:
    """The text of one of its scripts."""
    return Path(__file__).with_name(f"{name}.py").read_text("utf-8")


def package(name: str) -> dict[str, str]:
    """The files of one of its packages: their text, by their names."""
    files = sorted(Path(__file__).with_name(name).iterdir())
    return {path.name: path.read_text("utf-8") for path in files if path.suffix in (".py", ".sh")}
