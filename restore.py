"""Put the database back as it was before a release migrated it: --data release=ID"""

from pyinfra import host

from stack.run.target import release_for_host
from stack.state import migrator
from stack.state.dumps import dump_to_restore
from tasks import release, run_lock

declared = release_for_host(besides=("release", "dump"))

if migrator.migrates(declared):
    dump = dump_to_restore(
        declared, str(host.data.get("release", "")), str(host.data.get("dump", ""))
    )
    run_lock.hold(release=declared)
    release.restore_database(release=declared, dump=dump)
