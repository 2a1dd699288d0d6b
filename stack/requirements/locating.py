"""Where in a source the requirements are."""

from posixpath import dirname, join, normpath

from stack.requirements.errors import RequirementsError
from stack.source import Source


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
    *("requirements.txt", "uv.lock", "pyproject.toml", "requirements/production.txt"),
    *("requirements/prod.txt", "requirements/base.txt", "poetry.lock", "Pipfile.lock"),
)


def _instead(source: Source, src: str) -> str:
    there = [name for name in OTHERS if source.exists(join(src, name)) or source.exists(name)]
    if there:
        return f"; set requirements to one of what there is: {', '.join(there)}"
    return "; make one by pip freeze > requirements.txt, and commit it or name it in files"
