"""pyinfra's settings for every run from this folder."""

import gc
import os
import sys

from pyinfra import config

# What was imported stays, and little of what a run makes is ever garbage in a circle: to look for
# that in all of it, as often as Python does, is a tenth of a plan.
gc.freeze()
gc.set_threshold(50_000, 20, 100)

# pyinfra has no bytecode written, for the sake of the folder that it runs in. This one is ours, and
# to compile all of it anew would take as long as the rest of a plan.
sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in os.environ

from stack.run import command_line, importing, interruption, output, servers  # noqa: E402
from stack.run.connection import send_promptly  # noqa: E402
from stack.run.ending import fail_plainly  # noqa: E402
from stack.run.upstream.arguments import work_out_arguments_once  # noqa: E402
from stack.run.upstream.output import tell_names_in_one_order  # noqa: E402
from stack.run.upstream.plans import make_plans_cheap  # noqa: E402

# One host that fails stops the run for all, before the next operation. Assigned on pyinfra's own
# object: a variable of that name in this file does nothing.
config.FAIL_PERCENT = 0

send_promptly()
fail_plainly()
command_line.check_words()
interruption.end_plainly()
make_plans_cheap()
work_out_arguments_once()
tell_names_in_one_order()
output.read_safely()
servers.take_as_they_are()
importing.import_ahead(sys.argv[1:])
