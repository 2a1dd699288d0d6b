"""The values of settings that are secret: resolved, and held so that nothing prints them."""

import traceback
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr, ValidationInfo

from stack.secrets import SecretError

# The kernel's limit for one variable, 32 pages of 4 KiB, less room for its name.
LONGEST_VALUE = 130_000


class Unread(SecretStr):
    """A secret that the run has no need for, so its function was not called.

    It is given: it counts as true, as a text does. Nothing may stand in for it, so reading it is an
    error of ours.
    """

    def __init__(self) -> None:
        super().__init__("unread")

    def get_secret_value(self) -> str:
        """There is none.

        Raises:
            LookupError: always.
        """
        raise LookupError("a secret that this run was said to have no need for")


@dataclass(frozen=True)
class Secrets:
    """Which functions are called for the values of settings, and what they have returned."""

    needed: Collection[str] | None = None
    """The settings whose functions are called; without, all."""
    idle: Collection[str] = ()
    """Those that have no effect on the host, whose functions are not called for it."""
    called: dict[int, Any] = field(default_factory=dict)
    """What functions have returned, by their ids: one is called once for all hosts."""

    def resolved(self, function: Callable[[], Any], setting: str) -> Any:
        """What a function returns, or that nobody needs it.

        Raises:
            ValueError: it failed; with a reason that does not hold the value.
        """
        if setting in self.idle or (self.needed is not None and setting not in self.needed):
            return Unread()
        if id(function) not in self.called:
            self.called[id(function)] = _call(function)
        return self.called[id(function)]


def resolve(value: Any, info: ValidationInfo) -> Any:
    """The value as SecretStr, functions called as the context, Secrets, says.

    Raises ValueError with a reason that does not hold the value.
    """
    if callable(value):
        secrets = info.context if isinstance(info.context, Secrets) else Secrets()
        value = secrets.resolved(value, str(info.field_name))
    if isinstance(value, Unread):
        return value
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(
            f"is a {type(value).__name__}; expected text, a whole number, or a function "
            "without arguments that returns one"
        )
    return SecretStr(_storable(str(value)))


def checked(accept: Callable[[str], str]) -> Callable[[SecretStr], SecretStr]:
    """The check of a text as that of a secret: of one that is not read there is none to check."""

    def of_secret(secret: SecretStr) -> SecretStr:
        return SecretStr(accept(secret.get_secret_value())) if are_read(secret) else secret

    return of_secret


def are_read(*secrets: SecretStr) -> bool:
    """Whether all of these were resolved, so that what is in them can be checked."""
    return not any(isinstance(secret, Unread) for secret in secrets)


def _call(function: Callable[[], Any]) -> Any:
    try:
        return function()
    except SecretError as error:
        raise ValueError(str(error)) from None
    except Exception as error:
        # Its message may quote the secret (int() does), so only its type and place are told.
        frames = traceback.extract_tb(error.__traceback__)[1:2]
        place = f" ({frames[0].filename}, line {frames[0].lineno})" if frames else ""
        raise ValueError(f"the function for it failed: {type(error).__name__}{place}") from None


def _storable(text: str) -> str:
    if len(text.encode(errors="replace")) > LONGEST_VALUE:
        raise ValueError(f"has more than {LONGEST_VALUE} bytes, which Linux passes to no process")
    if "\0" in text:
        raise ValueError("holds a NUL character, which no environment can hold")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("is not valid Unicode text") from None
    return text
