"""templates/ to text."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

from stack.source import cache as kept

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        bytecode_cache=_compiled(),
        autoescape=False,  # noqa: S701 - these are configuration files, and settings are checked
    )


def _compiled() -> FileSystemBytecodeCache | None:
    """Templates are compiled once, which takes longer than rendering them."""
    try:
        return FileSystemBytecodeCache(str(kept.folder("templates")))
    except OSError:
        return None


def render(template: str, **values: object) -> str:
    """Render `templates/TEMPLATE.j2`.

    Raises:
        jinja2.UndefinedError: the template names a value that was not given.
    """
    return _environment().get_template(f"{template}.j2").render(**values)
