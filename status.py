"""What each host serves, since when, and how it does. Only reads."""

from pyinfra import local

from stack.plan import release_for_host
from stack.report.status import report

local.include("deploy.py")
report(release=release_for_host())
