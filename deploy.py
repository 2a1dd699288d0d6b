"""The whole state of a host: a Django project behind Nginx, its database, or its front.

Which of it is a host's own follows from its groups; each task knows whose it is.
"""

from stack.run.target import target_for_host
from tasks import (
    balancer,
    database,
    firewall,
    former,
    interpreter,
    login,
    logs,
    maintenance,
    nginx,
    notify,
    packages,
    programs,
    release,
    rollout,
    run_lock,
    schedules,
    server,
    supervisor,
    tls,
    user,
)

target = target_for_host(besides=("certify", "new_database"))

notify.at_the_end(target=target)
release.have_ready(target=target)
run_lock.hold(target=target)
server.write_down(target=target)
server.swap(target=target)
firewall.begin(target=target)
database.serve(target=target)
database.wait(target=target)
packages.install(target=target)
server.outlast(target=target)
server.update(target=target)
user.create(target=target)
logs.keep(target=target)
login.greet(target=target)
release.announce(target=target)
supervisor.configure(target=target)
nginx.move(target=target)
maintenance.stay_closed(target=target)
interpreter.bring(target=target)
release.build(target=target)
release.migrate(target=target)
nginx.prepare(target=target)
tls.begin(target=target)
rollout.put_live(target=target)
release.follow(target=target)
programs.run(target=target)
schedules.run(target=target)
nginx.serve(target=target)
release.clean_up(target=target)
interpreter.clean_up(target=target)
balancer.wait(target=target)
balancer.serve(target=target)
maintenance.open_behind(target=target)
tls.certify(target=target)
database.close(target=target)
firewall.close(target=target)
former.tell(target=target)
