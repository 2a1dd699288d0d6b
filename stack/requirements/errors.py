"""The one exception that reading requirements raises."""

from stack.host.printable import printable
from stack.source.errors import without_user


class RequirementsError(Exception):
    """The requirements cannot be used; one line for a person, starting with the file's path.

    Users and passwords of URLs are left out of it. `setting` is the one that is at fault.
    """

    def __init__(self, text: str, setting: str = "requirements") -> None:
        super().__init__(printable(without_user(text)))
        self.setting = setting
