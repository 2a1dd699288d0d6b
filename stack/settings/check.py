"""How a field of the settings is checked: what was expected stands beside the test for it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BeforeValidator, GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

T = TypeVar("T")

REFUSED = "refused"


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Check:
    """An annotation: a wrong type, or a ValueError of `accept`, is refused with `expected`.

    `accept` returns the value as it is held; a ValueError with a text replaces "expected …".
    """

    expected: str
    accept: Callable[[Any], Any] = _as_it_is

    def __get_pydantic_core_schema__(
        self, source: type[Any], handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_wrap_validator_function(self._validate, handler(source))

    def _validate(self, value: Any, of_type: Callable[[Any], Any]) -> Any:
        try:
            return self.accept(of_type(value))
        except ValidationError as error:
            if any(problem["loc"] for problem in error.errors()):
                raise  # an element of the value has said it better
            reason = ""
        except ValueError as error:
            reason = str(error)
        raise PydanticCustomError(
            REFUSED, "{reason}", {"reason": reason or f"expected {self.expected}"}
        )


def matching(pattern: str, expected: str) -> Check:
    """A check that a text matches the whole of a regular expression."""
    compiled = re.compile(pattern)

    def accept(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError
        return text

    return Check(expected, accept)


MOST = 10_000_000
"""More than anything is for which no other limit is known: what follows would overflow."""


def at_least(least: int) -> Check:
    """A check that a number is not too small."""

    def accept(number: int) -> int:
        if number > MOST:
            raise ValueError(f"expected at most {MOST}")
        if number < least:
            raise ValueError
        return number

    return Check(f"a whole number of at least {least}", accept)


def between(least: int, most: int) -> Check:
    """A check that a number is neither too small nor too large."""

    def accept(number: int) -> int:
        if not least <= number <= most:
            raise ValueError
        return number

    return Check(f"a whole number from {least} to {most}", accept)


def _tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _tuple_or_one(value: Any) -> Any:
    return (value,) if isinstance(value, str) else _tuple(value)


Listed = Annotated[tuple[T, ...], BeforeValidator(_tuple)]
OneOrListed = Annotated[tuple[T, ...], BeforeValidator(_tuple_or_one)]
