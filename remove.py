"""Take the project away from its hosts; with --data everything=True, its data too."""

from stack.run.flags import is_set
from stack.run.target import target_for_host
from tasks import firewall, leaving, run_lock, server

target = target_for_host(besides=("everything",), needed=(), leaves=True)
everything = is_set("everything")

run_lock.hold(target=target)
leaving.site(target=target)
leaving.programs(target=target)
leaving.schedules(target=target)
leaving.certificate(target=target)
leaving.database(target=target, everything=everything)
server.update(target=target)
server.swap(target=target)
firewall.begin(target=target)
firewall.close(target=target)
leaving.roots_files(target=target)
leaving.releases(target=target, everything=everything)
leaving.user(target=target, everything=everything)
leaving.logs_and_dumps(target=target, everything=everything)
leaving.traces(target=target, everything=everything)
leaving.give_back(target=target)
