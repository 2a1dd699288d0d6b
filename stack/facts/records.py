"""The form in which commands describe a host: records, one a line."""

import re
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address

SUM = re.compile(r"[0-9a-f]{64} [ *]")
"""How a line of sha256sum's begins; the path follows."""

VERSION = re.compile(r"[0-9]+\.[0-9]+")

HOLD_TABS = frozenset({"process", "log"})
"""Kinds whose last field holds what tabs there are."""

Field = Callable[[str], object]
Rows = dict[str, list[list[str]]]
"""The fields of records, by their kind."""


def version(text: str) -> str:
    """A version as "3.11". Raises ValueError for anything else."""
    if not VERSION.fullmatch(text):
        raise ValueError(text)
    return text


def address(text: str) -> str:
    """Where a socket listens, as ss has it. Raises ValueError for anything else."""
    if text != "*":
        ip_address(text.partition("%")[0].strip("[]"))
    return text


def base64_of(text: str) -> str:
    """What a text decodes to. Raises ValueError when it is not base64."""
    return b64decode(text, validate=True).decode(errors="replace")


def rows_of(lines: Iterable[str], records: Mapping[str, tuple[Field, ...]]) -> Rows:
    """The fields of records that are as they have to be, of each kind in `records`.

    The lines of sha256sum's are whole, as of the kind `sum`.
    """
    rows: Rows = {}
    for line in lines:
        if SUM.match(line):
            rows.setdefault("sum", []).append([line])
            continue
        kind, _, rest = line.partition("\t")
        wanted = records.get(kind, ())
        limit = len(wanted) - 1 if kind in HOLD_TABS else -1
        row = rest.split("\t", limit)
        if wanted and len(row) == len(wanted) and all(map(_is, wanted, row)):
            rows.setdefault(kind, []).append(row)
    return rows


def _is(field: Field, text: str) -> bool:
    try:
        field(text)
    except ValueError:
        return False
    return True
