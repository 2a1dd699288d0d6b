"""The env setting: names checked, values resolved and held so that nothing prints them."""

import re
import traceback
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import SecretStr, ValidationInfo

from stack.secrets import SecretError
from stack.settings import gunicorn
from stack.settings.check import Check

# The kernel's limit for one variable, 32 pages of 4 KiB, less room for its name.
LONGEST_VALUE = 130_000

# Made by the deployment itself: the release's identity, and what Supervisor leaves unset.
RESERVED = frozenset(
    {"RELEASE_ID", "RELEASE_FOLDER", "VIRTUAL_ENV", "PROGRAM_ID", "HOME", "USER", "PATH"}
)
# Every sh that starts would read it, dash above all, which ends at once when it holds no number.
OF_SHELLS = "OPTIND"


def _any_name(name: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise ValueError
    return name


def _name(name: str) -> str:
    _any_name(name)
    if name == OF_SHELLS:
        raise ValueError("is every shell's own; expected another name")
    if name in RESERVED or name.startswith("SUPERVISOR_"):
        raise ValueError("is set by the deployment; expected another name")
    return name


NAME = "a name of letters, digits and _, the first no digit"
ANY_NAME = Check(NAME, _any_name)
ENV_NAME = Check(NAME, _name)


def resolve(value: Any, info: ValidationInfo) -> Any:
    """The value as SecretStr, functions called; one function is called once for all hosts.

    Raises ValueError with a reason that does not hold the value.
    """
    if callable(value):
        called: dict[int, Any] = info.context if isinstance(info.context, dict) else {}
        if id(value) not in called:
            called[id(value)] = _call(value)
        value = called[id(value)]
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError(
            f"is a {type(value).__name__}; expected text, a whole number, or a function "
            "without arguments that returns one"
        )
    return SecretStr(_storable(str(value)))


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
        raise ValueError(f"has more than {LONGEST_VALUE} bytes, which Linux hands to no process")
    if "\0" in text:
        raise ValueError("holds a NUL character, which no environment can hold")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("is not valid Unicode text") from None
    return text


def _password(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    # PostgreSQL and its clients have rules of their own for what else there is in Unicode.
    if not (text.isascii() and (not text or text.isprintable())):
        raise ValueError
    return secret


PASSWORD = Check("letters, digits, punctuation and spaces of ASCII", _password)


def _pem(secret: SecretStr) -> SecretStr:
    text = secret.get_secret_value()
    if text and "-----BEGIN " not in text:
        raise ValueError
    return SecretStr(text and text.rstrip("\n") + "\n")


PEM = Check('the text of a PEM file, such as from_file("shop.pem")', _pem)


def _no_file(endings: str, what: str) -> Check:
    """A check that a text is not the name of the file that has it."""

    def accept(secret: SecretStr) -> SecretStr:
        text = secret.get_secret_value()
        if re.fullmatch(rf"[^\s<;{{]+\.({endings})", text):
            raise ValueError(f'is the name of a file; expected {what}: from_file("{text}")')
        return secret

    return Check(what, accept)


PAGE = _no_file("html?", "its HTML")
LINES = _no_file("conf|nginx|txt", "lines of Nginx's")


def _env(values: Mapping[str, SecretStr]) -> Mapping[str, SecretStr]:
    if arguments := values.get(gunicorn.VARIABLE):
        try:
            gunicorn.refuse_ours(arguments.get_secret_value())
        except ValueError as error:
            raise ValueError(f"{gunicorn.VARIABLE}: {error}") from None
    return MappingProxyType(values)


ENV = Check('a dict of names and values, such as {"SECRET_KEY": …}', _env)
