"""From records to what is at each path of a host."""

from stack.host.observation import Entry

KINDS = {"f": "file", "d": "directory", "l": "link"}


def sums_of(rows: list[list[str]]) -> dict[str, str]:
    """Digests by path, from sha256sum's lines: 64 hex digits, two characters, the path."""
    return {row[0][66:]: row[0][:64] for row in reversed(rows)}


def entries_of(
    rows: list[list[str]], sums: dict[str, str], masked: dict[str, str], booted: float
) -> dict[str, Entry]:
    """Entries by path; of two records of one path the first counts.

    Args:
        sums: digests of files' contents, by path.
        masked: the same of Nginx's sites with their addresses left out.
        booted: when the host did, in seconds since the epoch.
    """
    entries: dict[str, Entry] = {}
    for row in rows:
        if row[0] in entries:
            continue
        path, letter, mode, owner, group, changed, modified, target = row
        kind = KINDS.get(letter, letter)
        entries[path] = Entry(
            kind=kind,
            mode=mode,
            owner=owner,
            group=group,
            changed=float(changed) - booted,
            modified=float(modified) - booted,
            target=target,
            sha256=sums.get(path, "") if kind == "file" else "",
            masked_sha256=masked.get(path, "") if kind == "file" else "",
        )
    return entries
