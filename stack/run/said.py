"""What a person has to say for one run, besides the settings."""

from pyinfra import host
from pyinfra.api.exceptions import DeployError


def is_said(name: str) -> bool:
    """Whether a person has said `--data NAME=True`.

    Raises:
        DeployError: he has said something else. Nothing was changed.
    """
    said = host.data.get(name, False)
    if not isinstance(said, bool):
        raise DeployError(f"expected --data {name}=True, or nothing. Nothing was changed.")
    return said
