"""The settings of a host: one frozen typed object, read from pyinfra's host data."""

from stack.settings.inventory import load_all
from stack.settings.loading import load
from stack.settings.model import Settings
from stack.settings.problem import Problem, SettingsError
from stack.settings.table import table

__all__ = ["Problem", "Settings", "SettingsError", "load", "load_all", "table"]
