"""Put the database back as it was before a release migrated it: --data release=ID"""

from pyinfra import host

from stack import migrator
from stack.placement.dumps import dump_to_restore
from stack.plan import release_for_host
from tasks import alone, release

declared = release_for_host(besides=("release", "dump"))

if migrator.migrates(declared):
    dump = dump_to_restore(
        declared, str(host.data.get("release", "")), str(host.data.get("dump", ""))
    )
    alone.stay(release=declared)
    release.restore_database(release=declared, dump=dump)
