"""Which of Debian's Pythons runs a project."""

from packaging.requirements import Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import Version

from stack.looking.finding.dependencies import Dependencies
from stack.looking.finding.found import Found

DEBIANS = {"Debian 12": "3.11", "Debian 13": "3.13"}
DJANGOS = (("6", ">=3.12"), ("5", ">=3.10"), ("4.2", ">=3.8"))
"""Since which version Django needs which Python; the newest first."""
BROUGHT = ("3.14", "3.13", "3.12", "3.11", "3.10")
"""What the setting python brings, the newest first."""
LATEST = "99"


def find(dependencies: Dependencies, found: Found) -> None:
    """Say on the setting python which systems will do."""
    said = {
        "requires-python is": dependencies.requires_python,
        "its Django needs": _by_django(dependencies.its.get("django")),
    }
    for whose, text in said.items():
        try:
            wanted = SpecifierSet(text)
        except InvalidSpecifier:
            continue
        # Of a series, since "3.13" would be before ">=3.13.2".
        fit = [one for one, its in DEBIANS.items() if wanted.contains(f"{its}.{LATEST}")]
        if not text or len(fit) == len(DEBIANS):
            continue
        brought = [one for one in BROUGHT if wanted.contains(f"{one}.{LATEST}")]
        has = ", ".join(f"{one} has {version}" for one, version in DEBIANS.items())
        if brought:
            # Debian's own where there is one, so that both systems have the same.
            its = next((DEBIANS[one] for one in fit), brought[0])
            found.set("python", its, f"{whose} {text}, and {has}: this one is brought")
        else:
            found.wrong.append(f"{whose} {text}, and {has}: no Python that could be brought fits")
        return


def _by_django(django: Requirement | None) -> str:
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
