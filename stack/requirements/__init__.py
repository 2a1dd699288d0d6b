"""What a project needs from PyPI, as read on the controller."""

from stack.requirements.errors import RequirementsError
from stack.requirements.locating import locate
from stack.requirements.reading import Requirements, read

__all__ = ["Requirements", "RequirementsError", "locate", "read"]
