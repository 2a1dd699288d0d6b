"""The env setting, and what else may be secret: names and texts checked."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from pydantic import SecretStr

from stack.settings import gunicorn
from stack.settings.check import Check
from stack.settings.secret import are_read, checked

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
        raise ValueError("is set by every shell itself; expected another name")
    if name in RESERVED or name.startswith("SUPERVISOR_"):
        raise ValueError("is set by the deployment; expected another name")
    return name


NAME = "a name of letters, digits and _, not beginning with a digit"
ANY_NAME = Check(NAME, _any_name)
ENV_NAME = Check(NAME, _name)


def _password(text: str) -> str:
    # PostgreSQL and its clients have rules of their own for what else there is in Unicode.
    if not (text.isascii() and (not text or text.isprintable())):
        raise ValueError
    return text


PASSWORD = Check("letters, digits, punctuation and spaces of ASCII", checked(_password))


def _lines(text: str) -> str:
    """With one line end at its end, however many a file had there."""
    return text and text.rstrip("\n") + "\n"


def _pem(text: str) -> str:
    if text and "-----BEGIN " not in text:
        raise ValueError
    return _lines(text)


PEM = Check('the text of a PEM file, such as from_file("shop.pem")', checked(_pem))


def _refuse_file(text: str, endings: str, what: str) -> None:
    """Refuse a text that is the name of the file that has it."""
    if re.fullmatch(rf"[^\s<;{{]+\.({endings})", text):
        raise ValueError(f'is the name of a file; expected {what}: from_file("{text}")')


def _page(text: str) -> str:
    _refuse_file(text, "html?", "its HTML")
    return text


def _of_nginx(text: str) -> str:
    _refuse_file(text, "conf|nginx|txt", "lines of Nginx's")
    return _lines(text)


PAGE = Check("its HTML", checked(_page))
LINES = Check("lines of Nginx's", checked(_of_nginx))


def _env(values: Mapping[str, SecretStr]) -> Mapping[str, SecretStr]:
    arguments = values.get(gunicorn.VARIABLE)
    if arguments and are_read(arguments):
        try:
            gunicorn.refuse_ours(arguments.get_secret_value())
        except ValueError as error:
            raise ValueError(f"{gunicorn.VARIABLE}: {error}") from None
    return MappingProxyType(values)


ENV = Check('a dict of names and values, such as {"SECRET_KEY": …}', _env)
