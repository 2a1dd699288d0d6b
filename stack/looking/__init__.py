"""A Django project as it is, read without running it: which settings deploy it.

`reading` follows Python, and knows of no project; `project` has the files of one, `choosing` and
`fitting` which settings module is meant for servers, with what in its environment; `finding` has a
module for each concern of what becomes settings, and `looking` asks them all.
"""

from stack.looking.errors import LookingError
from stack.looking.looking import look
from stack.looking.printing import printed

__all__ = ["LookingError", "look", "printed"]
