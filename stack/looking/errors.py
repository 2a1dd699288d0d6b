"""The one exception that looking raises."""

from stack.host.printable import printable


class LookingError(Exception):
    """There is no Django project there; the message is one line for a person."""

    def __init__(self, text: str) -> None:
        super().__init__(printable(text))
