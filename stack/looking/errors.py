"""The one exception of looking."""


class LookingError(Exception):
    """What is there is no Django project; one line for a person."""
