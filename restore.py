"""Put the database back as it was before a release migrated it: --data release=ID"""

from pyinfra import host

from stack.run.target import target_for_host
from stack.state.dumps import dump_to_restore, restores
from tasks import release, run_lock

target = target_for_host(besides=("release", "dump"), needed=())

if restores(target):
    run_lock.settle(target=target)
    dump = dump_to_restore(
        target, str(host.data.get("release", "")), str(host.data.get("dump", ""))
    )
    run_lock.hold(target=target)
    release.restore_database(target=target, dump=dump)
