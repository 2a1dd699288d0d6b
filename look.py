"""Prints the inventory and group_data that fit a Django project: --data source=…. Only reads."""

from stack.report.look import report

report()
