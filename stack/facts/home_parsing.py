"""What the home of a project holds, as told by its user: nothing of it is taken on trust."""

import binascii
import re
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from stack.host.printable import printable
from stack.project.layout import FOLDERS, NAME

SUM = re.compile(r"[0-9a-f]{64}  ")
"""How a field of sha256sum's begins; the path follows."""
FIELDS = {"entry": 8, "damaged": 1, "changed": 2}
"""How many fields follow a record's kind."""
TIME = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?")
DEEPEST = 128
"""How many folders the path of what has changed may lead through, as each of them is asked about;
through more, its release is damaged, whatever it is."""
MOST_RECORDS = 10_000
"""How many a home may have: keeping a thousand releases takes fewer."""


@dataclass(frozen=True)
class Home:
    """The records, whole and all of paths below the home."""

    entries: list[list[str]] = field(default_factory=list)
    sums: dict[str, str] = field(default_factory=dict)
    damaged: frozenset[str] = frozenset()
    changed: dict[str, list[str]] = field(default_factory=dict)
    is_whole: bool = False
    """Whether it was read to its end: what is not told else is there all the same."""


def home_of(path: str, encoded: str) -> Home:
    """Read what was told of a home, as lines that may be shown: no line could be known as his.

    Args:
        path: the home's, by which it is known what may be told.
        encoded: the records, as base64; they may be cut, or made up.
    """
    try:
        content = b64decode(encoded, validate=True).decode(errors="replace")
    except (binascii.Error, ValueError):
        return Home()
    entries: list[list[str]] = []
    sums: dict[str, str] = {}
    damaged: set[str] = set()
    changed: dict[str, list[str]] = {}
    is_whole = False
    fields_told = [printable(told) for told in content.split("\0")]
    for number, (kind, *fields) in enumerate(_records(fields_told)):
        if number > MOST_RECORDS:
            return Home()
        if kind == "end":
            is_whole = True
        elif not _may_be_told(path, fields[0]):
            continue
        elif kind == "entry":
            entries.append(fields)
        elif kind == "sum":
            sums.setdefault(fields[0], fields[1])
        elif kind == "changed" and fields[1].count("/") <= DEEPEST:
            changed.setdefault(fields[0], []).append(fields[1])
        else:
            damaged.add(fields[0])
    return Home(entries, sums, frozenset(damaged), changed, is_whole)


def _may_be_told(home: str, path: str) -> bool:
    """Whether a path is below the home; of releases and virtualenvs, one of those that we name."""
    folder, _, rest = path.removeprefix(f"{home}/").partition("/")
    name, user = rest.partition("/")[0], PurePosixPath(home).name
    if not path.startswith(f"{home}/"):
        return False
    return folder not in FOLDERS or name in ("", user) or bool(NAME.fullmatch(name))


def _records(fields: list[str]) -> Iterator[list[str]]:
    """Up to the first that is none, or to the end of the records."""
    end = len(fields) - 1  # every field ends with NUL, so what follows the last one was cut
    at = 0
    while at < end:
        kind = fields[at]
        at += 1
        if kind == "end":
            yield [kind]
            return
        if SUM.match(kind):
            yield ["sum", kind[66:], kind[:64]]
            continue
        count = FIELDS.get(kind, end)
        record = fields[at : at + count]
        at += count
        if at > end or (kind == "entry" and not all(map(TIME.fullmatch, record[5:7]))):
            return
        yield [kind, *record]
