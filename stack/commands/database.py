"""PostgreSQL, its one database, and the nightly dump."""

from pyinfra.api import StringCommand

from stack.commands.system import install
from stack.database.files import server, settings
from stack.database.observation import Cluster
from stack.database.scram import new_verifier
from stack.database.state import sockets
from stack.settings.database import PORT, Database
from stack.shell.scripts import as_root, script

CREATE_CLUSTER = script(__file__, "create_cluster.sh")
LOAD = script(__file__, "load_postgresql.sh", "sql.sh")
CREATE = script(__file__, "create_database.sh", "sql.sh")


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
