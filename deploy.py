"""The whole state of a host: a Django project behind Nginx, its database, or its front.

Which of it is a host's own follows from its groups; each task knows whose it is.
"""

from stack.run.target import release_for_host
from tasks import (
    balancer,
    database,
    login,
    logs,
    nginx,
    packages,
    programs,
    release,
    rollout,
    run_lock,
    supervisor,
    user,
)

declared = release_for_host()

run_lock.hold(release=declared)
database.serve(release=declared)
database.wait(release=declared)
packages.install(release=declared)
user.create(release=declared)
logs.keep(release=declared)
login.greet(release=declared)
supervisor.configure(release=declared)
release.build(release=declared)
release.migrate(release=declared)
nginx.prepare(release=declared)
rollout.put_live(release=declared)
programs.run(release=declared)
nginx.serve(release=declared)
release.clean_up(release=declared)
balancer.wait(release=declared)
balancer.serve(release=declared)
database.close(release=declared)
