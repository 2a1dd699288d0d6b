"""What all parts of the settings are."""

from pydantic import BaseModel


class Part(
    BaseModel,
    frozen=True,
    strict=True,
    extra="forbid",
    validate_default=True,
    hide_input_in_errors=True,
):
    """Settings of one concern: name, type, default, help text and check of each, together."""
