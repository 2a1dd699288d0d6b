"""Which of the systems' own Pythons runs a project."""

import re
from posixpath import dirname, join

from packaging.requirements import Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from stack.host.systems import SYSTEMS
from stack.looking.finding.dependencies import Dependencies
from stack.looking.finding.extras import toml
from stack.looking.finding.found import Found
from stack.looking.project import Project

DJANGOS = (("6", ">=3.12"), ("5", ">=3.10"), ("4.2", ">=3.8"))
"""Since which version Django needs which Python; the newest first."""
NEWEST = {
    "3.14": ("6.0", "5.2"),
    "3.13": ("5.1",),
    "3.12": ("5.0", "4.2"),
    "3.11": ("4.1",),
    "3.10": ("4.0", "3.2"),
    "3.9": ("3.1", "3.0", "2.2"),
    "3.7": ("2.1", "2.0", "1.11"),
}
"""The Djangos for which a Python is the newest that their FAQ has; the newest first."""
BROUGHT = ("3.14", "3.13", "3.12", "3.11", "3.10", "3.9")
"""What the setting python brings, the newest first."""
LATEST = "99"


def find(project: Project, dependencies: Dependencies, found: Found) -> None:
    """Say on the setting python which systems will do."""
    django = dependencies.its.get("django")
    said = {
        "requires-python is": dependencies.requires_python or _said(project),
        "its Django runs on": ",".join(filter(None, (_least(django), _most(django)))),
    }
    asked = {whose: wanted for whose, text in said.items() if (wanted := _specifiers(text))}
    if not any(all(one.contains(f"{its}.{LATEST}") for one in asked.values()) for its in BROUGHT):
        # What a project says of itself comes before what Django says of all.
        asked = dict([*asked.items()][:1])
    everything = SpecifierSet(",".join(map(str, asked.values())))
    fit = [one for one in SYSTEMS if everything.contains(one.python)]
    if len(fit) == len(SYSTEMS):
        return
    why = " and ".join(
        f"{whose} {said[whose]}"
        for whose, wanted in asked.items()
        if not all(wanted.contains(one.python) for one in SYSTEMS)
    )
    has = ", ".join(f"{one.title} has {one.python}" for one in SYSTEMS)
    titles = " or ".join(", ".join(one.title for one in fit).rsplit(", ", 1))
    alone = f"for servers with {titles} alone"
    # Of a series, since "3.13" would be before ">=3.13.2".
    brought = [one for one in BROUGHT if everything.contains(f"{one}.{LATEST}")]
    if brought:
        # A system's own where there is one, so that all have the same: Debian's, which has had most
        # of the packages' wheels for longer than the newest of Ubuntu's.
        own = [one.python for one in fit if one.id == "debian"] or [one.python for one in fit]
        its = own[-1].rpartition(".")[0] if own else brought[0]
        word = f"; {alone}, leave it out" if fit else ""
        found.set("python", its, f"{why}, and {has}: this one is brought{word}")
    elif fit:
        found.wrong.append(f"{why}, and {has}: it is {alone}")
    else:
        found.wrong.append(f"{why}, and {has}: no Python that could be brought fits")


def _specifiers(text: str) -> SpecifierSet | None:
    try:
        return SpecifierSet(text) if text else None
    except InvalidSpecifier:
        return None


def _said(project: Project) -> str:
    """What the nearest pyproject.toml says that says it, in src or above it."""
    folder = project.src
    while True:
        content = toml(project, join(folder, "pyproject.toml"))
        table = content.get("project")
        said = table.get("requires-python") if isinstance(table, dict) else None
        if text := said if isinstance(said, str) else _by_poetry(content):
            return text
        if folder in ("", "."):
            return ""
        folder = dirname(folder)


def _by_poetry(content: dict[str, object]) -> str:
    """What Poetry's own table says, in the words of packaging."""
    inner: object = content
    for name in ("tool", "poetry", "dependencies", "python"):
        inner = inner.get(name) if isinstance(inner, dict) else None
    text = inner if isinstance(inner, str) else ""
    if found := re.fullmatch(r"([\^~])\s*(\d+)\.(\d+)(\.\d+)*", text):
        major, minor = int(found[2]), int(found[3])
        before = f"{major + 1}" if found[1] == "^" else f"{major}.{minor + 1}"
        return f">={text.lstrip('^~ ')},<{before}"
    return text


def _least(django: Requirement | None) -> str:
    """What the Django that is required needs at least."""
    if django is None:
        return ""
    lowest = [
        Version(one.version.removesuffix(".*"))
        for one in django.specifier
        if one.operator in ("==", ">=", "~=")
    ]
    if not lowest:
        return ""
    return next((wants for since, wants in DJANGOS if max(lowest) >= Version(since)), "")


def _most(django: Requirement | None) -> str:
    """What the newest Django that is let in runs on at most; empty where that is today's."""
    if django is None:
        return ""
    pins = [one.version for one in django.specifier if one.operator == "=="]
    for python, every in NEWEST.items():
        ends = [f"{series}.{last}" for series in every for last in ("0", LATEST)]
        starts = tuple(f"{series}." for series in every)
        is_in = any(f"{pin.removesuffix('.*')}.".startswith(starts) for pin in pins)
        if is_in or any(django.specifier.contains(end) for end in ends):
            major, minor = python.split(".")
            return "" if python == BROUGHT[0] else f"<{major}.{int(minor) + 1}"
    return ""
