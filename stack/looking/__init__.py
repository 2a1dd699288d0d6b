"""A Django project as it is, read without running it: which settings deploy it."""

from stack.looking.errors import LookingError
from stack.looking.looking import look
from stack.looking.printing import printed

__all__ = ["LookingError", "look", "printed"]
