"""What each host serves, since when, and how it is doing. Only reads."""

from pyinfra import local

from stack.report.status import report
from stack.run.only_reads import only_reads
from stack.run.target import target_for_host

only_reads()
local.include("deploy.py")
report(target=target_for_host())
