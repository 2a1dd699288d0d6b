"""PostgreSQL, its one database, and the nightly dump."""

from collections.abc import Iterable

from pyinfra.api import StringCommand

from stack.commands.system import install
from stack.database.files import server, settings
from stack.database.leaving import ORIGINALS
from stack.database.observation import Cluster
from stack.database.scram import new_verifier
from stack.database.state import sockets
from stack.settings.database import PORT, Database
from stack.shell.printing import telling
from stack.shell.scripts import as_root, script

CREATE_CLUSTER = script(__file__, "create_cluster.sh")
LOAD = script(__file__, "load_postgresql.sh", "at_boot.sh", "sql.sh")
CREATE = script(__file__, "create_database.sh", "sql.sh")
KEEP_ORIGINAL = script(__file__, "keep_original.sh")
LEAVE = script(__file__, "leave_database.sh", "sql.sh")
DROP = script(__file__, "drop_database.sh", "sql.sh", "dump.sh", "roles.sh")


def install_server() -> StringCommand:
    """Install PostgreSQL, which does not start before it is configured."""
    return install(["postgresql"], held=["postgresql"])


def create_cluster() -> StringCommand:
    """Make PostgreSQL's files, where installing it has not."""
    return as_root(CREATE_CLUSTER, str(PORT))


def load(database: Database, cluster: Cluster) -> StringCommand:
    """Have PostgreSQL run with the configuration that is on disk, and wait until it does."""
    values = settings(database, cluster)
    file = server(database, cluster)[0]
    words = [cluster.version, cluster.name, file.path, *values.values(), *sockets(database)]
    return as_root(LOAD, str(PORT), *words)


def create(database: Database) -> StringCommand:
    """Have the database and its role, with its password.

    The password itself does not leave this machine: PostgreSQL gets a verifier of it.
    """
    verifier = new_verifier(database.password.get_secret_value())
    return as_root(CREATE, str(PORT), database.name, stdin=f"{verifier}\n")


def keep_original(database: Database, cluster: Cluster) -> StringCommand:
    """Keep the pg_hba.conf that is about to be replaced."""
    return as_root(KEEP_ORIGINAL, ORIGINALS, settings(database, cluster)["hba_file"])


def leave(database: Database, cluster: Cluster, removed: Iterable[str]) -> StringCommand:
    """Have PostgreSQL as it was before, with its databases."""
    hba = settings(database, cluster)["hba_file"]
    return as_root(LEAVE, str(PORT), cluster.unit, hba, ORIGINALS, *removed)


def drop(database: Database) -> StringCommand:
    """Write a last dump, tell where, and drop the database and its role."""
    return telling(as_root(DROP, str(PORT), database.name))
