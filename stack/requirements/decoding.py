"""The text of files that say what is required."""

import codecs
import re

from stack.requirements.errors import RequirementsError

MARKED = (
    (codecs.BOM_UTF8, "UTF-8-SIG"),
    # Before UTF-16, with whose mark theirs begins.
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
)
SAID = re.compile(rb"coding[:=]\s*([-\w.]+)")


def decoded(content: bytes, path: str) -> str:
    """The text of a requirements file, as pip reads it; Windows PowerShell writes UTF-16.

    Raises RequirementsError when its encoding is another one.
    """
    return _text(content, path, _encoding(content))


def decoded_toml(content: bytes, path: str) -> str:
    """The text of a file in TOML. Raises RequirementsError when it is not UTF-8."""
    return _text(content, path, "UTF-8-SIG")


def _encoding(content: bytes) -> str:
    """By its first bytes, or by a comment in the first two lines."""
    for mark, name in MARKED:
        if content.startswith(mark):
            return name
    comments = [line for line in content.split(b"\n")[:2] if line.startswith(b"#")]
    said = next(filter(None, map(SAID.search, comments)), None)
    return said[1].decode("ascii") if said else "UTF-8"


def _text(content: bytes, path: str, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except LookupError:
        raise RequirementsError(f"{path}: says coding: {encoding}, which nobody knows") from None
    except ValueError:
        name = encoding.removesuffix("-SIG")
        raise RequirementsError(f"{path}: is not {name} text") from None
