"""Root's files that the host of a database is to have."""

import json
from ipaddress import ip_address
from pathlib import Path

from stack.database.observation import Cluster
from stack.host.files import Declared, Directory, File
from stack.project.rendering import render
from stack.project.target import Target
from stack.settings.database import PORT, Database

UNITS = "/etc/systemd/system"
SQL, DUMP, ROLES, SUPERUSERS = (
    Path(__file__).with_name(name).read_text("utf-8").partition("\n")[2]
    for name in ("sql.sh", "dump.sh", "roles.sh", "superusers.sh")
)
"""Functions of shell that commands have too, without the first line, which is shellcheck's."""


def settings(database: Database, cluster: Cluster) -> dict[str, str]:
    """The settings of PostgreSQL that are ours."""
    return {
        "listen_addresses": ", ".join(database.listens_on),
        "hba_file": f"{cluster.folder}/pg_hba.conf",
    }


def drop_in(database: Database) -> str:
    """The path of the drop-in for PostgreSQL's unit."""
    return f"{UNITS}/postgresql@.service.d/{database.name}.conf"


def server(database: Database, cluster: Cluster) -> list[Declared]:
    """PostgreSQL's configuration: where it listens, and for whom."""
    values = settings(database, cluster)
    folder = "etc/postgresql/VERSION/main"
    return [
        File(
            f"{cluster.folder}/conf.d/{database.name}.conf",
            render(f"{folder}/conf.d/PROJECT.conf", values=values),
        ),
        File(
            values["hba_file"],
            render(
                f"{folder}/pg_hba.conf",
                name=database.name,
                networks=[_network(client) for client in database.clients],
            ),
        ),
        File(
            drop_in(database),
            render("etc/systemd/system/postgresql@.service.d/PROJECT.conf"),
        ),
    ]


def dumps(target: Target) -> list[Declared]:
    """The nightly dump, and the way back from one."""
    values = {
        "name": target.layout.user,
        "folder": target.layout.backups,
        "dump": f"/usr/local/sbin/{target.layout.user}-dump-database",
        "port": PORT,
        "hour": target.settings.dump_hour,
        "keep": target.settings.keep_dumps,
        "sql": SQL,
        "dumping": DUMP,
        "roles": ROLES,
        "superusers": SUPERUSERS,
    }
    restore = f"/usr/local/sbin/{target.layout.user}-restore-database"
    unit = f"{UNITS}/{target.layout.user}-dump"
    record = {"user": target.layout.user, "database": True}
    return [
        Directory(str(target.layout.library)),
        File(f"{target.layout.library}/database.json", json.dumps(record, indent=4) + "\n"),
        Directory(str(target.layout.backups), "700"),
        File(str(values["dump"]), render("usr/local/sbin/PROJECT-dump-database", **values), "755"),
        File(restore, render("usr/local/sbin/PROJECT-restore-database", **values), "755"),
        File(f"{unit}.service", render("etc/systemd/system/PROJECT-dump.service", **values)),
        File(f"{unit}.timer", render("etc/systemd/system/PROJECT-dump.timer", **values)),
    ]


def _network(address: str) -> str:
    """A single address, as pg_hba.conf has networks."""
    return f"{address}/{ip_address(address).max_prefixlen}"
