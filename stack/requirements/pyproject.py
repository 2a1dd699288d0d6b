"""The dependencies of a pyproject.toml (PEP 621, PEP 735)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from packaging.dependency_groups import resolve_dependency_groups
from packaging.markers import Marker
from packaging.utils import canonicalize_name

from stack.requirements.elsewhere import refuse_elsewhere
from stack.requirements.errors import RequirementsError
from stack.requirements.lines import MOST_NESTED, requirement
from stack.requirements.locating import exporting
from stack.requirements.toml import parsed


@dataclass(frozen=True)
class Wanted:
    """What is wanted of a project besides its dependencies, by the settings of these names."""

    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


def requires_python(text: str) -> str:
    """Which versions of Python the project says it runs on; empty when it does not say."""
    try:
        project = parsed(text).get("project")
    except ValueError:
        return ""
    said = project.get("requires-python") if isinstance(project, dict) else None
    return said if isinstance(said, str) else ""


def dependencies(text: str, path: str, wanted: Wanted, above: Mapping[str, bytes]) -> str:
    """The text of a requirements file with [project].dependencies and what else is wanted.

    Args:
        text: of the pyproject.toml.
        path: its own, from the root of the source.
        wanted: what is installed besides dependencies.
        above: each pyproject.toml above it, by the folder that it is in from there.

    Raises:
        RequirementsError: it does not say what pip is to install.
    """
    content = _read(text, path)
    project = content.get("project")
    groups = _table(content.get("dependency-groups"))
    if project is None and groups:
        # As pip install --group has it, which asks for no project (PEP 735).
        if not wanted.groups:
            raise RequirementsError(
                f"{path}: has groups alone; set groups to those that a server needs, of "
                f"{', '.join(groups)}"
            )
        project = {}
    if not isinstance(project, dict) and "poetry" in content.get("tool", {}):
        raise RequirementsError(f"{path}: is Poetry's own; {exporting('poetry.lock')}")
    if not isinstance(project, dict):
        raise RequirementsError(f"{path}: has no [project] table; expected one with dependencies")
    if "dependencies" in project.get("dynamic", ()):
        raise RequirementsError(
            f"{path}: its dependencies are dynamic; expected [project].dependencies, or set "
            "requirements to the file that they come from"
        )
    _refuse_unknown(content, path, wanted)
    lines = _listed(project.get("dependencies", []), path, "[project].dependencies")
    for extra in wanted.extras:
        lines += _of_extra(project, path, extra, ())
    for group in wanted.groups:
        lines += _of_group(content, path, group)
    refuse_elsewhere(lines, content, path, above)
    return "\n".join(dict.fromkeys(lines))


def refuse_unknown(text: str, path: str, wanted: Wanted) -> None:
    """Refuse extras and groups that a pyproject.toml does not have. Raises RequirementsError."""
    _refuse_unknown(_read(text, path), path, wanted)


def _read(text: str, path: str) -> dict[str, Any]:
    try:
        return parsed(text)
    except ValueError as error:
        raise RequirementsError(f"{path}: is not TOML: {error}") from None


def _refuse_unknown(content: Mapping[str, Any], path: str, wanted: Wanted) -> None:
    for setting, names, there in (
        ("extras", wanted.extras, _extras(content.get("project"))),
        ("groups", wanted.groups, _table(content.get("dependency-groups"))),
    ):
        known = {canonicalize_name(name) for name in there}
        if unknown := [name for name in names if canonicalize_name(name) not in known]:
            has = f"it has {', '.join(there)}" if there else f"it has no {setting}"
            kind = setting.removesuffix("s")
            raise RequirementsError(f"{path}: has no {kind} {unknown[0]}; {has}", setting)


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _extras(project: object) -> Mapping[str, Any]:
    return _table(_table(project).get("optional-dependencies"))


def _listed(value: object, path: str, where: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
        raise RequirementsError(f"{path}: {where}: expected a list of texts")
    return list(value)


def _of_extra(
    project: Mapping[str, Any], path: str, extra: str, above: Collection[str]
) -> Iterator[str]:
    """The lines of an extra, those of others of the project's own that it names among them."""
    name = canonicalize_name(extra)
    if name in above:
        return
    where = f"[project.optional-dependencies].{extra}"
    if len(above) >= MOST_NESTED:
        raise RequirementsError(f"{path}: {where}: expected {MOST_NESTED} in one another at most")
    there = {canonicalize_name(one): lines for one, lines in _extras(project).items()}
    if name not in there:
        raise RequirementsError(f"{path}: {where}: is named there, and there is no such extra")
    own = canonicalize_name(str(project.get("name", "")))
    for line in _listed(there[name], path, where):
        try:
            its = requirement(line)
        except ValueError as error:
            raise RequirementsError(f"{path}: {error}: expected a requirement") from None
        if canonicalize_name(its.name) != own:
            yield line
            continue
        for other in sorted(its.extras):
            for inner in _of_extra(project, path, other, (*above, name)):
                yield _only_if(inner, its.marker)


def _only_if(line: str, marker: Marker | None) -> str:
    its = requirement(line)
    if marker:
        both = f"({marker}) and ({its.marker})" if its.marker else f"{marker}"
        its.marker = Marker(both)
    return str(its)


def _of_group(content: Mapping[str, Any], path: str, group: str) -> tuple[str, ...]:
    try:
        return resolve_dependency_groups(_table(content["dependency-groups"]), group)
    except Exception as error:  # the library raises groups of its own, TypeError and LookupError
        reason: BaseException = error
        while isinstance(reason, BaseExceptionGroup):
            reason = reason.exceptions[0]
        text = " ".join(str(reason).split())
        raise RequirementsError(f"{path}: [dependency-groups]: {text}") from None
