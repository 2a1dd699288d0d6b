"""pyinfra's settings for every run from this folder."""

from pyinfra import config

from stack.run import interruption, output, servers, upstream
from stack.run.connection import send_promptly
from stack.run.ending import fail_plainly

# One host that fails stops the run for all, before the next operation. Assigned on pyinfra's own
# object: a variable of that name in this file does nothing.
config.FAIL_PERCENT = 0

send_promptly()
fail_plainly()
interruption.end_plainly()
upstream.make_plans_cheap()
upstream.tell_names_in_one_order()
output.read_safely()
servers.take_as_they_are()
