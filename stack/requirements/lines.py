"""The lines of a requirements file, as pip reads them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import normpath
from urllib.parse import unquote

from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

_COMMENT = re.compile(r"(^|\s+)#.*$")
_INCLUDE = re.compile(r"(-r|--requirement|-c|--constraint)(?:\s*=\s*|\s+|(?<=-[rc]))(\S.*)")
_EDITABLE = re.compile(r"-e|--editable\b")
_FOUND_LINKS = re.compile(r"(?:-f\s*|--find-links(?:\s*=\s*|\s+))(\S+)")
_COMMIT = re.compile(r"(?:.*\s@\s*|)git\+\S+@[0-9a-f]{40}(?:#\S*)?")
_FILE_URL = re.compile(r"(?:.*@\s*)?file:(?://(?:localhost)?(?=/))?(?P<path>[^;#]*)")
_ARCHIVE = re.compile(r".+\.(whl|zip|tar|tgz|tbz|txz|tlz|tar\.(gz|bz2|xz|lz|lzma))", re.IGNORECASE)
MOST_NESTED = 50
"""Files, or extras, that may name one another in a row."""
LONGEST = 200
"""Characters of a line that are told."""
# What decides here is the host, whatever the controller runs.
_ON_A_HOST = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
_COMPARISON = re.compile(r'(?:"[^"]*"|\w+) (?:[<>=!~]+|in|not in) (?:"[^"]*"|\w+)')


def logical_lines(text: str) -> Iterator[str]:
    """The lines without comments and blank ones, continued lines joined."""
    return (line for _, line in numbered_lines(text))


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """The same, each with the number of the line on which it begins."""
    pending, first = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        first = first if pending else number
        line = pending + _COMMENT.sub("", line).strip()
        if line.endswith("\\"):
            pending = f"{line[:-1].strip()} "
            continue
        pending = ""
        if line:
            yield first, line
    if pending.strip():
        yield first, pending.strip()


@dataclass(frozen=True)
class Include:
    """A file that a line includes; constraints install nothing by themselves."""

    path: str
    constraints: bool


def include_in(line: str) -> Include | None:
    """The file that a line includes, if that is what the line does."""
    found = _INCLUDE.fullmatch(line)
    if not found:
        return None
    return Include(found[2].strip().strip("\"'"), found[1] in ("-c", "--constraint"))


def is_option(line: str) -> bool:
    """Whether a line says how packages are found, and holds for all that are installed."""
    others = ("-e", "--editable", "--require-hashes")
    return line.startswith("-") and not include_in(line) and not line.startswith(others)


def is_editable(line: str) -> bool:
    """Whether a line asks for an editable installation."""
    return _EDITABLE.match(line) is not None


def local_path(line: str) -> str | None:
    """The path on this machine that a line installs from, if it does."""
    links = _FOUND_LINKS.fullmatch(line)
    if links:
        return None if "://" in links[1] else links[1]
    if line.startswith("-"):
        return None
    text = _alone(line)
    url = _FILE_URL.fullmatch(text)
    if url:
        return url["path"].strip()
    if "://" in text or " @ " in text:
        return None
    path = re.sub(r"\[[^\]]*\]$", "", text)
    return path if path.startswith(".") or "/" in path else None


def has_no_hash(line: str) -> bool:
    """Whether a line installs what pip takes no hash for, and refuses beside those of others.

    A folder has none to have, and a commit is one itself. An archive has one, wherever it is.
    """
    if line.startswith("-") or "--hash" in line:
        return False
    if _COMMIT.fullmatch(_alone(line)):
        return True
    path = local_path(line)
    return path is not None and _ARCHIVE.fullmatch(normpath(unquote(path))) is None


def is_for_hosts(line: str) -> bool:
    """Whether a line's marker, where it has one, is true on a Linux host."""
    _, *markers = re.split(r"\s*;\s", re.split(r"\s--", line)[0], maxsplit=1)
    try:
        return all(_is_true(Marker(one)) for one in markers)
    except (ValueError, RecursionError):
        return True  # pip tells


def _alone(line: str) -> str:
    """A line without its options and markers."""
    return re.split(r"\s--|\s*;\s", line)[0].strip()


def name_in(line: str) -> str | None:
    """The normalised name of what a line installs on a Linux host; None when it installs nothing.

    Raises ValueError when it is no requirement. Paths and bare URLs have no name.
    """
    if line.startswith("-") or local_path(line) is not None:
        return None
    egg = re.search(r"#(?:.*&)?egg=([A-Za-z0-9._-]+)", line)
    text = re.split(r"\s--", line)[0].strip()
    if re.match(r"[a-z+]+://", text):
        return canonicalize_name(egg[1]) if egg else None
    its = requirement(text)
    return canonicalize_name(its.name) if its.marker is None or _is_true(its.marker) else None


def may_be_true(marker: str) -> bool:
    """Whether a marker is true on some Linux host, whatever Python and machine that has.

    One that cannot be read may be.
    """
    try:
        # Without a `not` around others, a comparison that is true makes none false.
        return _is_true(Marker(_COMPARISON.sub(_if_known, str(Marker(marker)))))
    except (ValueError, RecursionError):
        return True


def _if_known(comparison: re.Match[str]) -> str:
    its = comparison[0]
    return its if any(name in its for name in _ON_A_HOST) else 'os_name == "posix"'


def _is_true(marker: Marker) -> bool:
    return marker.evaluate({**_ON_A_HOST, "extra": ""})


def requirement(text: str) -> Requirement:
    """What a text requires. Raises ValueError, with its beginning, when it is no requirement."""
    try:
        return Requirement(text)
    except (ValueError, RecursionError):
        raise ValueError(text if len(text) <= LONGEST else f"{text[:LONGEST]}…") from None
