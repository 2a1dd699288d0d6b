"""Where in a source the requirements are."""

from posixpath import dirname, join, normpath

from stack.requirements.errors import RequirementsError
from stack.requirements.toml import parsed
from stack.source import Source

PYPROJECT = "pyproject.toml"


def locate(source: Source, src: str, requirements: str) -> str:
    """The path of the requirements from the root of the source: in `src`, or the nearest above.

    Raises RequirementsError when there are none.
    """
    folder = normpath(src)
    while True:
        path = normpath(join(folder, requirements))
        if source.read(path) is not None:
            return path
        if folder in ("", "."):
            raise RequirementsError(
                f"there is no {requirements} in {normpath(src)} or above it{_instead(source, src)}"
            )
        folder = dirname(folder)


OTHERS = (
    *("requirements.txt", "uv.lock", "requirements/production.txt"),
    *("requirements/prod.txt", "requirements/base.txt"),
)
EXPORTS = {
    "poetry.lock": "poetry self add poetry-plugin-export && poetry export -o requirements.txt",
    "Pipfile.lock": "pipenv requirements > requirements.txt",
    "Pipfile": "pipenv requirements > requirements.txt",
}
"""How to make a requirements file of what others lock."""


def exporting(name: str) -> str:
    """What to do about a file of another tool's that is in EXPORTS."""
    return f"run {EXPORTS[name]}, and commit that or name it in files"


def _instead(source: Source, src: str) -> str:
    def is_there(name: str) -> bool:
        return source.exists(join(src, name)) or source.exists(name)

    there = [name for name in OTHERS if is_there(name)]
    if _has_dependencies(source.read(join(src, PYPROJECT)) or source.read(PYPROJECT) or b""):
        there.insert(0, PYPROJECT)
    if there:
        return f"; set requirements to one of what there is: {', '.join(there)}"
    for name in filter(is_there, EXPORTS):
        return f", but {name}: {exporting(name)}"
    return "; make one by pip freeze > requirements.txt, and commit it or name it in files"


def _has_dependencies(pyproject: bytes) -> bool:
    try:
        content = parsed(pyproject.decode(errors="replace"))
    except ValueError:
        return False
    return "project" in content or "dependency-groups" in content
