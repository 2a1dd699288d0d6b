"""A server that somebody else uses: who would not get in any more, of what was read."""

import re
from collections.abc import Iterator

from stack.database import files
from stack.database.observation import Server
from stack.project.target import Target
from stack.settings.database import Database

AS_INSTALLED = {
    "local all postgres peer",
    "local all all peer",
    "local replication all peer",
    *(
        f"host {whose} all {where} {how}"
        for whose in ("all", "replication")
        for where in ("127.0.0.1/32", "::1/128")
        for how in ("scram-sha-256", "md5")
    ),
}
"""The lines of pg_hba.conf as a new server has them, or one that came from an older version."""
OURS = {"local replication postgres peer"}
"""Those that are left of ours, besides, where what was before was not kept."""
FOR_A_RESTORE = re.compile(r'local "([^"]+)-restoring" \+"\1" scram-sha-256')
"""The same, of a project of which no dump may tell any more; it lets in no role of another's."""
THIS_HOST = {"localhost", "127.0.0.1", "::1", ""}
SHOWN = 4
"""Words of a line: those after them may be secret."""


def refusal(seen: Server, target: Target, database: Database) -> str:
    """Why the project cannot have the host's PostgreSQL; an empty string when it can.

    Once it has, what is added by hand is put right as in any file of ours.
    """
    cluster = seen.cluster
    if cluster is None or _is_ours(seen, target, database):
        return ""
    if seen.answer is None and cluster.is_used:
        return (
            "PostgreSQL has a database and does not answer, so whose it is cannot be told; start "
            f"it first: systemctl start {cluster.unit}."
        )
    if lost := list(_lost(seen, database)):
        return (
            "PostgreSQL here would be this project's alone, and others would no longer get in: "
            f"{'; '.join(lost)}. Put another host into the group db; or leave that group out, and "
            "set DATABASE_URL in env to a database that you make there. What nobody needs, remove."
        )
    return ""


def _is_ours(seen: Server, target: Target, database: Database) -> bool:
    """Whether a deployment of the project has configured it."""
    assert seen.cluster  # noqa: S101 - who asks has one
    paths = [file.path for file in files.server(database, seen.cluster)]
    paths.remove(f"{seen.cluster.folder}/pg_hba.conf")
    paths.append(f"{target.layout.library}/database.json")
    return any(path in seen.entries for path in paths)


def _lost(seen: Server, database: Database) -> Iterator[str]:
    # Of those that have left nobody is there who would come.
    known = seen.left | {database.name}
    if answer := seen.answer:
        databases = [n for n, owner in answer.others.items() if not {n, owner} & known]
        if databases:
            yield f"databases: {', '.join(sorted(databases))}"
        if roles := sorted({*answer.logins} - known):
            yield f"roles that log in: {', '.join(roles)}"
        listens = answer.settings.get("listen_addresses", "")
        wider = {one.strip() for one in listens.split(",")} - THIS_HOST - {*database.listens_on}
        if wider:
            yield f"listen_addresses = '{listens}'"
    for rule in seen.rules:
        if rule not in AS_INSTALLED | OURS and not FOR_A_RESTORE.fullmatch(rule):
            yield f'"{" ".join(rule.split(" ")[:SHOWN])}" in pg_hba.conf'
