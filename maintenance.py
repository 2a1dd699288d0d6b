"""Close the site for a while, with a page that says so, or open it: --data on=True or on=False"""

from pyinfra import host

from stack.run.target import target_for_host
from tasks import maintenance, run_lock

on = host.data.get("on")
page = ("maintenance_page",) if on is True else ()
target = target_for_host(besides=("on",), needed=page, spares_home=True)

run_lock.hold(target=target)
maintenance.serve(target=target, on=on)
