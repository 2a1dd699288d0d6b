"""Go back to the release that was live before, or with --data release=ID to any that is kept."""

from pyinfra import host

from stack.inventory.hosts import plays
from stack.inventory.roles import APP
from stack.run.flags import is_set
from stack.run.target import target_for_host
from stack.state.going_back import release_to_go_back_to
from tasks import nginx, notify, programs, rollout, run_lock

target = target_for_host(besides=("release", "force"), needed=("nginx_server", "unavailable_page"))
wanted, force = str(host.data.get("release", "")), is_set("force")

if plays(APP):
    run_lock.settle(target=target)
    if folder := release_to_go_back_to(target, wanted, force):
        notify.at_the_end(target=target, release=folder)
        run_lock.hold(target=target)
        rollout.go_back(target=target, folder=folder, wanted=wanted, force=force)
        programs.go_back(target=target, folder=folder)
        nginx.go_back(target=target, folder=folder)
