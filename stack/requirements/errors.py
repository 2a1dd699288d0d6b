"""The one exception of requirements."""


class RequirementsError(Exception):
    """The requirements cannot be used; one line for a person, starting with the file's path."""
