"""The one exception that looking raises."""


class LookingError(Exception):
    """There is no Django project there; the message is one line for a person."""
