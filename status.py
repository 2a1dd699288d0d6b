"""What each host serves, since when, and how it is doing. Only reads."""

from pyinfra import local

from stack.report.status import report
from stack.run.target import target_for_host

local.include("deploy.py")
report(target=target_for_host())
