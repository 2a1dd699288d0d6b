"""Whether hosts are as deploy.py declares: exit code 0, 2 when not, 1 on errors. Only reads."""

from pyinfra import local

from stack.report.drift import report
from stack.run.only_reads import only_reads

only_reads()
local.include("deploy.py")
report()
