"""Flags of one run: what a person says beside the settings, as `--data NAME=True`."""

from pyinfra import host
from pyinfra.api.exceptions import DeployError


def is_set(name: str) -> bool:
    """Whether a person has set the flag for this run.

    Raises:
        DeployError: it has another value than True or False. Nothing was changed.
    """
    value = host.data.get(name, False)
    if not isinstance(value, bool):
        raise DeployError(f"expected --data {name}=True, or nothing. Nothing was changed.")
    return value
