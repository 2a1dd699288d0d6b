"""The Django project on the controller, as one archive that every host gets."""

from stack.source.building import Built, built
from stack.source.completed import Completed
from stack.source.errors import SourceError, TooLargeError
from stack.source.resolving import resolve
from stack.source.source import Source
from stack.source.spool import Spool

__all__ = [
    "Built",
    "Completed",
    "Source",
    "SourceError",
    "Spool",
    "TooLargeError",
    "built",
    "resolve",
]
