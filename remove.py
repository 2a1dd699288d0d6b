"""Take the project away from its hosts; with --data everything=True, its data too."""

from stack.run.said import is_said
from stack.run.target import target_for_host
from tasks import firewall, leaving, run_lock, server

target = target_for_host(besides=("everything",), needed=(), leaves=True)
everything = is_said("everything")

run_lock.hold(target=target)
leaving.unserve(target=target)
leaving.end(target=target)
leaving.unschedule(target=target)
leaving.forget(target=target)
leaving.close(target=target, everything=everything)
server.update(target=target)
server.swap(target=target)
firewall.begin(target=target)
firewall.close(target=target)
leaving.remove(target=target)
leaving.clear(target=target)
leaving.part(target=target, everything=everything)
leaving.delete(target=target, everything=everything)
leaving.forget_all(target=target)
