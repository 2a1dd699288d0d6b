"""The one exception of the lab."""


class LabError(Exception):
    """The lab cannot do what was asked; the message is for a person."""
