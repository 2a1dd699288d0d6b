"""The dependencies of a pyproject.toml (PEP 621)."""

import tomllib

from stack.requirements.errors import RequirementsError


def requires_python(text: str) -> str:
    """Which versions of Python the project says it runs on; empty when it does not say."""
    try:
        project = tomllib.loads(text).get("project")
    except tomllib.TOMLDecodeError:
        return ""
    said = project.get("requires-python") if isinstance(project, dict) else None
    return said if isinstance(said, str) else ""


def dependencies(text: str, path: str) -> str:
    """The text of a requirements file with [project].dependencies. Raises RequirementsError."""
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RequirementsError(f"{path}: is not TOML: {error}") from None
    project = content.get("project")
    if not isinstance(project, dict) and "poetry" in content.get("tool", {}):
        raise RequirementsError(
            f"{path}: is Poetry's own; run poetry export -o requirements.txt, and commit that"
        )
    if not isinstance(project, dict):
        raise RequirementsError(f"{path}: has no [project] table; expected one with dependencies")
    if "dependencies" in project.get("dynamic", ()):
        raise RequirementsError(
            f"{path}: its dependencies are dynamic; expected [project].dependencies, or set "
            "requirements to the file that they come from"
        )
    listed = project.get("dependencies", [])
    if not isinstance(listed, list) or not all(isinstance(line, str) for line in listed):
        raise RequirementsError(f"{path}: [project].dependencies: expected a list of texts")
    return "\n".join(listed)
