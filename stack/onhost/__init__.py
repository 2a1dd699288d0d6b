"""What runs on a host: Python's standard library only, and nothing of this project."""

from pathlib import Path


def script(name: str) -> str:
    """The text of one of its scripts."""
    return Path(__file__).with_name(f"{name}.py").read_text("utf-8")


def package(name: str) -> dict[str, str]:
    """The files of one of its packages: their text, by their names."""
    files = sorted(Path(__file__).with_name(name).iterdir())
    return {path.name: path.read_text("utf-8") for path in files if path.suffix in (".py", ".sh")}
